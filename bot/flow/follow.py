"""What follows from news about an objective: rows of the history, messages, consequences."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.decide.decision import Event
from bot.decide.episode import Item, Level, News, Standing
from bot.flow.case import WORD, Case, Told, topic_of
from bot.flow.consequence import carry_out, due
from bot.flow.facts import epoch, merge, verdict_facts
from bot.flow.recover import thaw
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict
from bot.ports import Act, Books

_RECORDED = {
    News.OPENED: Event.WARNING_OPENED,
    News.ROSE: Event.WARNING_ROSE,
    News.RESOLVED: Event.WARNING_RESOLVED,
    News.PASSED: Event.THRESHOLD_PASSED,
    News.WENT_BLIND: Event.WENT_BLIND,
    News.SEES_AGAIN: Event.SEES_AGAIN,
}


def follow(
    books: Books,
    told: Told,
    objective: Objective,
    verdict: Verdict,
    before: Standing,
    news: Sequence[Item],
) -> None:
    """Record what changed and put into the outbox what people need to know of it."""
    case = _foreseeing(
        Case(books, told, objective, verdict, told.catalog.policy_of(objective)), news
    )
    if before.kind is not verdict.kind:
        was = before.kind or "not judged yet"
        case.note(Event.VERDICT_CHANGED, f"{was} → {verdict.kind}")
    for item in news:
        if item.news in _RECORDED:
            case.note(_RECORDED[item.news], _why(case, item))
        _TELL[item.news](case, item)
        if item.then is not None:
            carry_out(case, item.then)
    thaw(case)


def _foreseeing(case: Case, news: Sequence[Item]) -> Case:
    """The first message says already what the policy is about to do."""
    thens = [item.then for item in news if item.then is not None and due(case, item.then)]
    return replace(case, coming=max(thens, key=lambda then: then.rank, default=None))


def _why(case: Case, item: Item) -> str:
    if item.threshold is not None:
        return f"{float(item.threshold.left):.0%} of the budget is left, or less"
    return "; ".join(reason.text for reason in case.verdict.reasons)


def _opened(case: Case, item: Item) -> None:
    episode = case.books.episodes.open(case.objective.id, item.level, case.now)
    case.send(topic_of(episode), Act.POST, "burn_warning", case.facts(episode), "open")


def _rose(case: Case, item: Item) -> None:
    """A rise speaks again: in the thread, and shown in the channel."""
    episode = case.books.episodes.current(case.objective.id)
    if episode is None:
        return
    facts = merge(case.facts(episode), {"before": WORD.get(Level(episode.level), "")})
    case.books.episodes.raise_to(episode.id, item.level)
    mark = f"rose:{item.level}:{epoch(case.now)}"
    case.send(topic_of(episode), Act.REPLY, "burn_rose", facts, mark, broadcast=True)
    case.edit()


def _changed(case: Case, _: Item) -> None:
    case.edit(patient=True)


def _resolved(case: Case, _: Item) -> None:
    episode = case.books.episodes.current(case.objective.id)
    if episode is None:
        return
    case.books.episodes.close(episode.id, case.now)
    over = {"state": "resolved", "resolved_at": epoch(case.now)}
    facts = merge(case.facts(episode), over)
    case.send(topic_of(episode), Act.EDIT, "burn_warning", facts, "edit")
    case.send(topic_of(episode), Act.REPLY, "resolved", facts, "resolved")


def _passed(case: Case, item: Item) -> None:
    """A budget that runs low is told in the episode's thread, or by itself if none is open."""
    if item.threshold is None or item.threshold.left <= 0:
        return  # exhaustion has its own, louder message
    low = {"threshold": float(item.threshold.left), "then": str(item.threshold.then)}
    facts = merge(verdict_facts(case.objective, case.verdict), low, {"word": case.word})
    mark = f"threshold:{item.threshold.left}:{epoch(case.now)}"
    episode = case.books.episodes.current(case.objective.id)
    if episode is None:
        topic = f"{case.objective.id}:{mark}"
        case.send(topic, Act.POST, "threshold_passed", facts, mark)
    else:
        case.send(topic_of(episode), Act.REPLY, "threshold_passed", facts, mark)


def _went_blind(case: Case, _: Item) -> None:
    case.told.blind.append((case.objective, case.verdict))


def _sees_again(case: Case, _: Item) -> None:
    case.told.seeing.append((case.objective, case.verdict))


_TELL: dict[News, Callable[[Case, Item], None]] = {
    News.OPENED: _opened,
    News.ROSE: _rose,
    News.CHANGED: _changed,
    News.RESOLVED: _resolved,
    News.PASSED: _passed,
    News.WENT_BLIND: _went_blind,
    News.SEES_AGAIN: _sees_again,
}
