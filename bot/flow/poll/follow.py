"""What follows from news about an objective: rows of the history, messages, consequences."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.decide.decision import Event
from bot.decide.episode import Item, Level, News, Standing, wants
from bot.decide.policy import Mode
from bot.flow.ask.gather import Gather
from bot.flow.facts import epoch, merge, verdict_facts
from bot.flow.freeze.over import tell_over
from bot.flow.poll.case import WORD, Case, Told, topic_of
from bot.flow.poll.consequence import carry_out, due
from bot.flow.poll.frozen import tell_freezes
from bot.flow.poll.gather import gather
from bot.flow.poll.recover import thaw
from bot.flow.poll.rises import restate_rises
from bot.flow.poll.seen import tell_seen
from bot.flow.poll.withdraw import withdraw
from bot.flow.retrain.tend import tend
from bot.judge.reason import percent
from bot.ports import Act, Books

_RECORDED = {
    News.OPENED: Event.WARNING_OPENED,
    News.ROSE: Event.WARNING_ROSE,
    News.RESOLVED: Event.WARNING_RESOLVED,
    News.PASSED: Event.THRESHOLD_PASSED,
    News.WENT_BLIND: Event.WENT_BLIND,
    News.SEES_AGAIN: Event.SEES_AGAIN,
}
_OF_EPISODES = (News.OPENED, News.ROSE, News.CHANGED, News.RESOLVED, News.PASSED)
"""What is told in the message of an episode."""
_NEW = Standing("")


def follow(books: Books, told: Told, cases: Sequence[Case]) -> None:
    """Record what changed and put into the outbox what people need to know of it."""
    # First: no message is to say that a freeze is being asked for when it is not.
    foreseen = [_foreseeing(case) for case in withdraw(books, told, cases)]
    gather(books, told, foreseen)
    for case in foreseen:
        _follow(case)
    tell_freezes(books, told)
    tell_over(books, told.catalog, told.ops, told.over, told.now)
    Gather(books, told.catalog, told.ops, told.now, told.called).put(told.asked)
    tell_seen(books, told, cases)
    edited, told.edited = told.edited, {}
    restate_rises(books, edited, told.now)


def _follow(case: Case) -> None:
    before, after = case.before or _NEW, case.after or _NEW
    if before.noted is not after.noted:
        was = before.noted or "not judged yet"
        case.note(Event.VERDICT_CHANGED, f"{was} → {after.noted}")
    told = _OF_EPISODES if case.objective.id in case.told.shared else ()
    for item in case.news:
        if item.news in _RECORDED and not _of_outage(item, before, after):
            case.note(_RECORDED[item.news], _why(case, item))
        if item.news not in told:
            _TELL[item.news](case, item)
    carry_out(case)
    thaw(case)
    tend(case)


def _of_outage(item: Item, before: Standing, after: Standing) -> bool:
    """The history tells it once for all that the outage has cut off."""
    if item.news is News.WENT_BLIND:
        return after.outage != 0
    return item.news is News.SEES_AGAIN and before.outage != 0


def _foreseeing(case: Case) -> Case:
    """The first message says already what the policy is about to do."""
    return replace(case, coming=due(case, wants(case.news)))


def _why(case: Case, item: Item) -> str:
    if item.threshold is not None:
        left = item.threshold.left
        return f"{percent(left)} of the budget is left, or less" if left else "the budget is gone"
    return "; ".join(reason.text for reason in case.verdict.reasons)


def _opened(case: Case, item: Item) -> None:
    channel = case.told.channel(case.objective)
    episode = case.books.episodes.open(case.objective.id, item.level, case.now, channel)
    case.send(topic_of(episode), Act.POST, "burn_warning", case.facts(episode), "open")


def _rose(case: Case, item: Item) -> None:
    """A rise speaks again: in the thread, and shown in the channel."""
    episode = case.books.episodes.current(case.objective.id)
    if episode is None:
        return
    before = min(Level(episode.level), item.level)  # after a withdrawal it may have been worse
    facts = merge(case.facts(episode), {"before": WORD.get(before, "")})
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
    # Nobody edits it any more: what becomes of a request is said by its own message.
    over = {"state": "resolved", "resolved_at": epoch(case.now), "freezing": ""}
    facts = merge(case.facts(episode), over)
    case.send(topic_of(episode), Act.EDIT, "burn_warning", facts, "edit")
    if case.objective.tells_resolved:
        case.send(topic_of(episode), Act.REPLY, "resolved", facts, "resolved")


def _passed(case: Case, item: Item) -> None:
    """A budget that runs low is told in the episode's thread, or by itself if none is open."""
    if item.threshold is None or item.threshold.left <= 0:
        return  # exhaustion has its own, louder message
    watched = case.policy.mode is Mode.MONITOR
    low = {"threshold": float(item.threshold.left), "then": str(item.then), "monitored": watched}
    facts = merge(verdict_facts(case.objective, case.verdict), low, {"word": case.word})
    mark = f"threshold:{item.threshold.left}:{epoch(case.now)}"
    episode = case.books.episodes.current(case.objective.id)
    if episode is None:
        topic = f"{case.objective.id}:{mark}"
        case.send(topic, Act.POST, "threshold_passed", facts, mark)
    else:
        case.send(topic_of(episode), Act.REPLY, "threshold_passed", facts, mark)


def _went_blind(case: Case, _: Item) -> None:
    if case.objective.tells_no_data:
        case.told.blind.append((case.objective, case.verdict))


def _sees_again(case: Case, _: Item) -> None:
    if case.objective.tells_no_data:
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
