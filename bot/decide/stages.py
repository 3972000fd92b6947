"""Releases of the journal as the judges of budgets take them, and what came of each. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from bot.decide.release import End, Release
from bot.judge.attribution import Attribution, Share
from bot.judge.control import Caused, Control
from bot.judge.delivery import Delivery, Outcome, deliveries, outcome_of, worst_of
from bot.judge.ledger import Balances
from bot.judge.release import Release as Stage

NO_ACCOUNTS: Mapping[str, Balances] = {}


def stages_of(release: Release, own: Mapping[str, Balances] = NO_ACCOUNTS) -> list[Stage]:
    """A stage for each share of the traffic that it served, in order; one if its version has an
    account of its own (`own`, by version): then nothing has to be shared out."""
    marks = list(release.shares) or [(release.began, Fraction(1))]
    if release.version in own:
        marks = [(release.began, marks[0][1])]
    ends = [*(since for since, _ in marks[1:]), release.ended]
    return [
        Stage(
            release.version,
            _epoch(since),
            None if end is None else _epoch(end),
            None if share == 1 else float(share),
            own.get(release.version),
            rolled_back=release.end is End.ROLLED_BACK and index == len(marks) - 1,
            commits=() if release.committed is None else (_epoch(release.committed),),
        )
        for index, ((since, share), end) in enumerate(zip(marks, ends, strict=True))
    ]


def _epoch(at: datetime) -> int:
    return int(at.timestamp())


@dataclass(frozen=True, slots=True)
class Blame:
    """What a release caused, in budgets; of several stages together, the interval as wide as if
    none of their errors made up for another's."""

    share: float
    low: float
    high: float
    control: Control
    """Of the stage with the most events, as are the counts."""
    bad: float
    eligible: float
    bad0: float
    eligible0: float


@dataclass(frozen=True, slots=True)
class Charge:
    """What one release did to the budget of one objective."""

    release: Release
    eligible: float
    bad: float
    burn: Fraction
    """Its part of the budget's consumption, in budgets."""
    excess: Fraction
    blame: Blame | None
    outcome: Outcome


def charges(
    releases: Sequence[Release],
    found: Attribution,
    own: Mapping[str, Balances] = NO_ACCOUNTS,
) -> list[Charge]:
    """What became of each release in the window; those that were not live in it are left out.
    Their burns and what is unattributed are the consumption, exactly."""
    shares: dict[tuple[str, int], list[Share]] = {}
    for share in found.shares:
        shares.setdefault((share.release.version, share.release.began), []).append(share)
    known: list[Charge] = []
    for release in releases:
        keys = {(stage.version, stage.began): stage for stage in stages_of(release, own)}
        mine = [share for key in keys for share in shares.pop(key, [])]
        if mine:
            known.append(_charge(release, mine))
    return known


def _charge(release: Release, shares: Sequence[Share]) -> Charge:
    return Charge(
        release,
        sum(share.eligible for share in shares),
        sum(share.bad for share in shares),
        sum((share.burn for share in shares), Fraction(0)),
        sum((share.excess for share in shares), Fraction(0)),
        blame_of([share.caused for share in shares if share.caused is not None]),
        Outcome.FAILED
        if release.end is End.ROLLED_BACK
        else worst_of([outcome_of(share.release, share) for share in shares]),
    )


def blame_of(causes: Sequence[Caused]) -> Blame | None:
    """Of the stages of one release; None without any that could be compared."""
    if not causes:
        return None
    most = max(causes, key=lambda one: one.eligible)
    return Blame(
        sum(one.share for one in causes),
        sum(one.low for one in causes),
        sum(one.high for one in causes),
        most.control,
        most.bad,
        most.eligible,
        most.bad0,
        most.eligible0,
    )


def delivery_of(
    releases: Iterable[Release],
    outcomes: Mapping[str, Sequence[Outcome]],
    since: datetime,
    until: datetime,
) -> Delivery:
    """The four key figures of what was released from `since` on and before `until`. `outcomes`: by
    the key of each release, one for each objective that it could be judged by."""
    stages: list[Stage] = []
    found: list[Outcome] = []
    for release in releases:
        back = [Outcome.FAILED] if release.end is End.ROLLED_BACK else []
        mine = worst_of([*back, *outcomes.get(release.key, ())])
        for stage in stages_of(release):
            stages.append(stage)
            found.append(mine)
    return deliveries(stages, found, _epoch(since), _epoch(until))


def suspect(
    charged: Iterable[Charge], now: datetime, since: datetime | None = None
) -> Charge | None:
    """Whom a budget that burns is most likely owed to: of what serves now the release that caused
    the most, at the lower bound of its interval; if none caused anything for certain, that of those
    that ceased to serve from `since` on, for whoever burned it stays who it was; if none of these
    did either, the one of what serves that has burned the most. None if nothing of that has burned
    anything."""
    known = [one for one in charged if one.bad > 0]
    live = [one for one in known if one.release.live(now)]
    gone = [one for one in known if since is not None and _ceased(one.release, since, now)]
    return _surest(live) or _surest(gone) or max(live, key=lambda one: one.burn, default=None)


def _ceased(release: Release, since: datetime, now: datetime) -> bool:
    return release.ended is not None and since <= release.ended <= now


def _surest(charged: Iterable[Charge]) -> Charge | None:
    lows = [(one.blame.low, one) for one in charged if one.blame is not None and one.blame.low > 0]
    return max(lows, key=lambda pair: pair[0], default=(0.0, None))[1]
