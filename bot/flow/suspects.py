"""The release that a budget that burns is most likely owed to, for warnings and their details."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.decide.release import End
from bot.decide.scope import Reach
from bot.decide.stages import Charge, suspect
from bot.flow.attributing import attributed, releases_of
from bot.flow.facts import Facts, epoch
from bot.judge.abreast import account_of
from bot.judge.confidence import wilson_lower
from bot.judge.objective import Objective
from bot.ports import Books

_BEFORE = timedelta(hours=1)
"""What opened a warning began a little earlier: so long looks the long window of a fast alert."""


def suspect_facts(
    books: Books, objective: Objective, now: datetime, opened: datetime | None = None
) -> Facts | None:
    """None if nobody told of a release that serves now and has burned anything, nor of one that
    did until it was taken back or replaced since the warning `opened`. `sure`: it caused more than
    chance would; `ended`: when it ceased to serve; `beside`: what else serves now, and whether it
    is sure of that too; `presumed`: it was announced, and nobody told that it serves; `counted`: up
    to when its burn was counted, where that is less far than the budget; `calm`: since it ended,
    the budget is certainly spent no faster than it may."""
    if objective.drift:
        return None  # it is the world that changed, whatever was released meanwhile
    since, _ = objective.window.bounds(now)
    releases = releases_of(books, objective.service, since)
    found = attributed(books, [objective], releases) if releases else []
    lately = None if opened is None else opened - _BEFORE
    named = suspect(found[0].charges, now, lately) if found else None
    if named is None:
        return None
    blame, live = named.blame, named.release.live(now)
    return {
        "version": named.release.version,
        "since": epoch(named.release.began),
        "ended": None if live else epoch(named.release.ended),
        "presumed": named.release.presumed,
        "rolled_back": named.release.end is End.ROLLED_BACK,
        "share": float(named.release.share_at(now)) if live else None,
        "burn": float(named.burn),
        "sure": _sure(named),
        "caused": blame.share if blame is not None else None,
        "control": str(blame.control) if blame is not None else "",
        "counted": _counted(books, objective, named.release.version) if live else None,
        "calm": not live and _calm(books, objective, named.release.ended),
        "beside": [
            {
                "version": one.release.version,
                "sure": _sure(one),
                "presumed": one.release.presumed,
            }
            for one in found[0].charges
            if one is not named and one.release.live(now)
        ],
    }


def undone_facts(books: Books, catalog: Catalog, freeze: Freeze, now: datetime) -> Facts | None:
    """The release that is to blame for a freeze and serves no more, as in `suspect_facts`; None if
    none is, or if one that is to blame serves still. What people freeze without a cause is looked
    at by the warnings of its service."""
    causes = freeze.causes
    if not causes and freeze.scope.reach is Reach.SERVICE:
        causes = tuple(one.id for one in catalog.objectives_in(freeze.scope))
    blamed = [one for one in _suspects(books, catalog, causes, now) if one["sure"]]
    live = any(one["ended"] is None for one in blamed)
    return blamed[0] if blamed and not live else None


def _suspects(
    books: Books, catalog: Catalog, causes: tuple[str, ...], now: datetime
) -> Iterable[Facts]:
    """Of the warnings that are open."""
    known = {one.id: one for one in catalog.objectives}
    for cause, episode in books.episodes.currents(causes).items():
        found = (
            suspect_facts(books, known[cause], now, episode.opened_at) if cause in known else None
        )
        if found is not None:
            yield found


def _counted(books: Books, objective: Objective, version: str) -> int | None:
    """None unless the version has an account of its own that is behind that of the budget."""
    own = account_of(objective.id, version)
    found = books.ledger.accounts([own, objective.id])
    mine, whole = found.get(own), found.get(objective.id)
    if mine is None or whole is None or mine.opened is None or mine.read_until is None:
        return None
    behind = whole.read_until is not None and mine.read_until < whole.read_until
    return mine.read_until if behind else None


def _calm(books: Books, objective: Objective, ended: datetime | None) -> bool:
    """By the upper bound of what came in since then: a few good minutes prove nothing."""
    since = epoch(ended)
    account = books.ledger.accounts([objective.id]).get(objective.id)
    if since is None or account is None or account.read_until is None:
        return False
    rows = books.ledger.rows(account.id, since, account.read_until)
    if rows is None:
        return False
    before, last = rows.at(since), rows.last
    eligible, bad = last.eligible - before.eligible, last.bad - before.bad
    return eligible > 0 and 1 - wilson_lower(eligible - bad, eligible) < objective.budget


def _sure(charge: Charge) -> bool:
    return charge.blame is not None and charge.blame.low > 0
