"""Many episodes that open at once share one message: which they are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.decide.episode import Level, News
from bot.decide.summary import AT_ONCE, share
from bot.flow.poll.bundle import Bundle, tell
from bot.flow.poll.case import Case, Told
from bot.ports import Books, Episode


def gather(books: Books, told: Told, cases: Sequence[Case]) -> None:
    """Open the episodes that share a message, change those that do already, and tell of it: one
    message a channel, the story of each episode in its thread. The objectives concerned are noted
    in `told.shared`; everything but telling is left to be done for them."""
    sharing = _sharing(books, cases)
    opening = _opening(told, cases)
    if opening or any(_changes(case) for case, _ in sharing):
        # Who gathers waits for all who do: what another process gathered is seen, and of several
        # who end an episode one is the last.
        books.history.hold()
    bundles: dict[int, Bundle] = {}
    for case, episode in sharing:
        _join(books, told, bundles, episode.summary or episode.id, case, episode)
        _carry_on(case, episode)
    for channel, some in opening.items():
        _open(books, told, bundles, channel, some)
    for bundle in bundles.values():
        tell(books, told, bundle)


def _sharing(books: Books, cases: Sequence[Case]) -> list[tuple[Case, Episode]]:
    """The open episodes that share a message."""
    known = [case for case in cases if case.before is not None and case.before.opened_at]
    if not known:
        return []
    current = books.episodes.currents([case.objective.id for case in known])
    pairs = [(case, current.get(case.objective.id)) for case in known]
    return [(case, episode) for case, episode in pairs if episode and episode.summary]


def _opening(told: Told, cases: Sequence[Case]) -> Mapping[str, list[Case]]:
    """What opens, by the channel in which it is to be told."""
    found: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        channel = told.channel(case.objective)
        if channel and any(item.news is News.OPENED for item in case.news):
            found[channel].append(case)
    return found


def _changes(case: Case) -> bool:
    return any(item.news is not News.CHANGED for item in case.news)


def _join(
    books: Books,
    told: Told,
    bundles: dict[int, Bundle],
    summary: int,
    case: Case,
    episode: Episode,
) -> None:
    if summary not in bundles:
        bundles[summary] = Bundle.of(books, summary)
    bundles[summary].add(case, episode)
    told.shared.add(case.objective.id)


def _carry_on(case: Case, episode: Episode) -> None:
    for item in case.news:
        if item.news is News.ROSE:
            case.books.episodes.raise_to(episode.id, item.level)
        elif item.news is News.RESOLVED:
            case.books.episodes.close(episode.id, case.now)


def _open(
    books: Books, told: Told, bundles: dict[int, Bundle], channel: str, some: Sequence[Case]
) -> None:
    """They join a message that still grows, or begin one if they are many."""
    lately = books.episodes.lately(channel, told.now - AT_ONCE)
    growing = _growing(books, lately)
    if growing is None and not share(len(some), sum(one.summary is None for one in lately)):
        return
    opened = [
        books.episodes.open(case.objective.id, _level(case), told.now, channel) for case in some
    ]
    summary = opened[0].id if growing is None else growing
    for case, episode in zip(some, opened, strict=True):
        _join(books, told, bundles, summary, case, episode)
    books.episodes.gather([episode.id for episode in opened], summary)


def _level(case: Case) -> Level:
    return next(item.level for item in case.news if item.news is News.OPENED)


def _growing(books: Books, lately: Sequence[Episode]) -> int | None:
    """The newest message that episodes have joined lately and that is not over."""
    for summary in sorted({one.summary for one in lately if one.summary}, reverse=True):
        if any(one.closed_at is None for one in books.episodes.together(summary)):
            return summary
    return None
