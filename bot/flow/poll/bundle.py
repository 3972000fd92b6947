"""What is new of episodes that share a message: the message itself, a rise of it, its thread."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.decide.consequence import Plan
from bot.decide.episode import Item, Level, News
from bot.decide.policy import Mode
from bot.decide.summary import speaks_again
from bot.flow.facts import Facts, epoch, merge, number, shortlist
from bot.flow.poll.case import WORD, Case, Told
from bot.flow.poll.rises import restate_rises
from bot.flow.poll.summary import peak, summary_facts
from bot.judge.objective import Objective
from bot.ports import Act, Books, Episode, Outgoing

LINES = 20
"""Pieces of news in one reply: a section of Slack's holds about so many."""
_SAID = (News.OPENED, News.ROSE, News.RESOLVED, News.PASSED)


@dataclass
class Bundle:
    """What one transaction has to tell about the episodes that share one message."""

    summary: int
    before: Level
    """The greatest level until now; QUIET if the message is new."""
    patient: bool = True
    """Only figures have changed."""
    again: bool = False
    """One of them burns again while its budget is spent."""
    touched: set[int] = field(default_factory=set)
    """Its episodes of this transaction."""
    coming: dict[str, Plan] = field(default_factory=dict)
    """What the policy is about to do, by service."""
    lines: list[Facts] = field(default_factory=list)
    """For the thread."""

    @classmethod
    def of(cls, books: Books, summary: int) -> "Bundle":
        """As it stands in the books, before this transaction changes it."""
        return cls(summary, peak(books.episodes.together(summary)))

    def add(self, case: Case, episode: Episode) -> None:
        """One of the episodes, as it was before this poll's news."""
        self.touched.add(episode.id)
        if case.coming:
            service = case.objective.service
            self.coming[service] = self.coming.get(service, case.coming).beside(case.coming)
        for item in case.news:
            again = item.news is News.ROSE and item.level <= episode.level
            self.again |= again
            self.patient &= item.news is News.CHANGED
            low = item.threshold is None or item.threshold.left > 0  # exhaustion is louder
            if item.news in _SAID and low:
                self.lines.append(_line_of(case, episode, item, again=again))

    def leave(self, objective: Objective, episode: Episode) -> None:
        """One of the episodes ends because the specs have its objective no more."""
        self.patient = False
        self.lines.append(_line(objective, episode, "gone"))


def _line(objective: Objective, episode: Episode, what: str) -> Facts:
    return {
        "what": what,
        "episode": episode.id,
        "service": objective.service,
        "title": objective.title or objective.name,
        "severity": "",
        "before": WORD.get(Level(episode.level), ""),
        "left": None,
        "exhausts_in": None,
        "exhausts_over": None,
        "since": epoch(episode.opened_at),
        "reason": "",
        "then": "",
        "monitored": False,
    }


def _line_of(case: Case, episode: Episode, item: Item, *, again: bool) -> Facts:
    verdict = case.verdict
    return merge(
        _line(case.objective, episode, "again" if again else str(item.news)),
        {
            "severity": WORD.get(item.level, ""),
            "left": number(verdict.left),
            "exhausts_in": verdict.exhausts_in,
            "exhausts_over": verdict.exhausts_over,
            "reason": verdict.reasons[0].text if verdict.reasons else "",
            "then": str(item.then or "") if item.threshold else "",
            "monitored": case.policy.mode is Mode.MONITOR,
        },
    )


def tell(books: Books, told: Told, bundle: Bundle) -> None:
    """Post the message, or edit it in place; speak again if it is worse than ever; put what became
    of each episode into the thread."""
    episodes = books.episodes.together(bundle.summary)
    if bundle.patient and not _first(episodes) <= bundle.touched:
        return  # of several transactions of one poll, one brings the figures up to date
    facts = summary_facts(books, told, episodes, bundle.coming)
    voice = _Voice(books, told, f"summary:{bundle.summary}", episodes[0].channel)
    if bundle.before is Level.QUIET:
        voice.say("", Act.POST, "summary", facts)
    else:
        voice.say(":edit", Act.EDIT, "summary", facts, patient=bundle.patient)
    restate_rises(books, {voice.topic: facts}, told.now)
    _speak_again(voice, bundle, peak(episodes), facts)
    for lines in _portions(bundle.lines):
        mark = f":news:{lines[0]['episode']}:{epoch(told.now)}"
        services = shortlist(list(dict.fromkeys(line["service"] for line in lines)))
        voice.say(mark, Act.REPLY, "summary_news", {"service": services, "lines": lines})
    if facts["state"] == "resolved":
        voice.say(":resolved", Act.REPLY, "summary_resolved", facts)


def _first(episodes: Sequence[Episode]) -> set[int]:
    """The oldest that is open."""
    return set(sorted(one.id for one in episodes if one.closed_at is None)[:1])


@dataclass(frozen=True)
class _Voice:
    """Into the outbox, under one topic; `mark` makes the key unique within it."""

    books: Books
    told: Told
    topic: str
    channel: str

    def say(
        self, mark: str, act: Act, template: str, facts: Mapping[str, object], **how: bool
    ) -> None:
        key = f"{self.topic}{mark}"
        message = Outgoing(key, self.channel, self.topic, act, template, facts, **how)
        self.books.outbox.put(message, self.told.now)


def _speak_again(voice: _Voice, bundle: Bundle, now: Level, facts: Facts) -> None:
    """Once for each level it rises to, and once an hour while spent budgets burn again."""
    if speaks_again(bundle.before, now):
        mark = f":rose:{now}"
    elif bundle.again:
        mark = f":again:{voice.told.now:%FT%H}"
    else:
        return
    rise = merge(facts, {"before": WORD[bundle.before], "now": WORD[now]})
    voice.say(mark, Act.REPLY, "summary_rose", rise, broadcast=True)


def _portions(lines: Sequence[Facts]) -> Iterator[Sequence[Facts]]:
    for start in range(0, len(lines), LINES):
        yield lines[start : start + LINES]
