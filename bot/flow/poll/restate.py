"""What feeds say of time that accounts have read already is posted to them as differences."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import Actor
from bot.decide.scope import Reach, Scope
from bot.flow.facts import Facts, number
from bot.flow.grounds import judge_now
from bot.flow.poll.catchup import Measured
from bot.flow.poll.hindsight import look_back, tell_hindsight
from bot.judge.feed import Counts, corrections, slices
from bot.judge.indicator import Counted, Labelled, Scored, feed_of
from bot.judge.ledger import Slice
from bot.judge.objective import Objective
from bot.judge.observation import Change, Observation
from bot.judge.thinning import LONGEST, tiers
from bot.judge.verdict import Verdict
from bot.judge.version import of_version, said_of, tells_versions, whole_of
from bot.ports import Account, Books

_EVER = 2**53


@dataclass(frozen=True, slots=True)
class Restated:
    """One objective whose account was corrected."""

    objective: Objective
    corrections: tuple[Slice, ...]
    before: Verdict
    after: Verdict


def reaching(books: Books, feed: str, since: int, until: int) -> list[Observation]:
    """All that reach into a stretch of time."""
    return [row for row in books.observations.of(feed, since, _EVER) if row.start < until]


def restate(
    books: Books,
    catalog: Catalog,
    feed: str,
    changes: Sequence[Change],
    by: Actor,
    now: datetime,
    ops: str = "",
) -> list[Restated]:
    """Post what has changed to every account that counts this feed, one row of the history each.
    Decisions stay as they are; people are told where one would not be made again. The accounts of
    versions move along, and nobody is told of that. Raises Contradicted where a balance would fall:
    then nothing at all is stored."""
    fed = [one for one in catalog.objectives if feed_of(one.indicator) == feed]
    if not changes or not fed:
        return []
    accounts = books.ledger.hold([one.id for one in fed])
    pairs = [(o, accounts[o.id]) for o in fed if o.id in accounts]
    lacking = _lacking(books, feed, changes, [*pairs, *_parts(books, fed, changes)])
    posted = [one for one in lacking if not one[0].version]
    touched = [objective for objective, _, _ in posted]
    looks = look_back(books, posted, now)
    before = _verdicts(books, touched, now)
    for _, account, pieces in lacking:
        books.ledger.restate(account.id, pieces, now)
    after = _verdicts(books, touched, now)
    found = [Restated(o, tuple(c), before[o.id], after[o.id]) for o, _, c in posted]
    for one in found:
        books.history.append(_row(one, feed, by, now))
    tell_hindsight(books, catalog, looks, ops, now)
    return found


def reread(books: Books, measured: Sequence[Measured]) -> list[Measured]:
    """What feeds say, read again under the lock of the accounts that count it: what came since it
    was measured is in it, what comes after that finds it counted."""
    fed = [m for m in measured if feed_of(m.objective.indicator) and m.stretches]
    if not fed:
        return list(measured)
    books.ledger.hold(sorted({whole_of(m.objective) for m in fed}))
    if parts := [m.objective.id for m in fed if m.objective.version]:
        books.ledger.hold(parts)
    return [_anew(books, m) if m.stretches else m for m in measured]


def _anew(books: Books, measured: Measured) -> Measured:
    indicator = measured.objective.indicator
    if not isinstance(indicator, Labelled | Counted | Scored):
        return measured
    since = 0 if isinstance(indicator, Scored) else measured.stretches[0].since
    known = reaching(books, indicator.feed, since, measured.stretches[-1].until)
    rows = said_of(measured.objective, known)
    pieces = [one for stretch in measured.stretches for one in slices(indicator, rows, stretch)]
    return replace(measured, slices=tuple(pieces))


def _parts(
    books: Books, fed: Sequence[Objective], changes: Sequence[Change]
) -> list[tuple[Objective, Account]]:
    """The accounts of the versions that these changes are of, held after those of the wholes: who
    opens one of them and reads it meanwhile waits for the wholes, and finds what has changed."""
    told = sorted({change.after.version for change in changes} - {""})
    parts = [of_version(one, version, 0) for one in fed if tells_versions(one) for version in told]
    if not parts:
        return []
    counting = [one.fingerprint for one in parts]
    accounts = books.ledger.hold([one.id for one in parts], counting)
    return [(one, accounts[one.id]) for one in parts if one.id in accounts]


def _lacking(
    books: Books,
    feed: str,
    changes: Sequence[Change],
    pairs: Sequence[tuple[Objective, Account]],
) -> list[tuple[Objective, Account, list[Slice]]]:
    """What each account lacks since these changes; those that lack nothing are left out."""
    first = min(change.after.start for change in changes)
    read = [(o, a) for o, a in pairs if a.read_until is not None]
    if not read:
        return []
    scored = any(isinstance(o.indicator, Scored) for o, _ in read)
    coarsest = max(tiers(o.step)[-1].step for o, _ in read)
    since = 0 if scored else first // coarsest * coarsest
    after = books.observations.of(feed, since, _EVER)
    before = _as_it_was(after, changes)
    found = []
    for objective, account in read:
        indicator, until = objective.indicator, account.read_until
        if until is None or not isinstance(indicator, Labelled | Counted | Scored):
            continue
        oldest = max(first, until - LONGEST)
        counts = Counts.of(oldest, objective.step, account.opened, until)
        was, said = said_of(objective, before), said_of(objective, after)
        if pieces := corrections(indicator, was, said, objective.step, counts):
            found.append((objective, account, pieces))
    return found


def _as_it_was(after: Sequence[Observation], changes: Sequence[Change]) -> list[Observation]:
    fresh = {change.after.key for change in changes}
    kept = [row for row in after if row.key not in fresh]
    return sorted(
        [*kept, *(change.before for change in changes if change.before is not None)],
        key=lambda row: (row.end, row.start, row.version),
    )


def _verdicts(
    books: Books, objectives: Collection[Objective], now: datetime
) -> Mapping[str, Verdict]:
    return {o.id: verdict for o, verdict in judge_now(books, list(objectives), now)}


def _row(one: Restated, feed: str, by: Actor, now: datetime) -> Decision:
    eligible = sum(piece.eligible for piece in one.corrections)
    bad = sum(piece.bad for piece in one.corrections)
    evidence = {
        "feed": feed,
        "slices": len(one.corrections),
        "from": one.corrections[0].at,
        "until": one.corrections[-1].at,
        "eligible": eligible,
        "bad": bad,
        "before": _figures(one.before),
        "after": _figures(one.after),
    }
    reason = (
        f"{feed} said more of {_slices(len(one.corrections))}: {eligible:+,.10g} eligible, "
        f"{bad:+,.10g} bad"
    )
    scope = str(Scope(Reach.SERVICE, one.objective.service))
    return Decision(Event.RESTATED, now, by, scope, reason, evidence, objective=one.objective.id)


def _slices(count: int) -> str:
    return "1 slice" if count == 1 else f"{count:,} slices"


def _figures(verdict: Verdict) -> Facts:
    spend = verdict.spend
    return {
        "verdict": str(verdict.kind),
        "eligible": spend.eligible if spend else None,
        "bad": spend.bad if spend else None,
        "left": number(verdict.left),
    }
