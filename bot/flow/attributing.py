"""Which release spent which part of a budget, from the journal and the ledger as they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.decide.adjustment import taken_out
from bot.decide.release import Release, journal
from bot.decide.stages import Charge, charges, stages_of
from bot.flow.judging import near
from bot.judge.abreast import account_of
from bot.judge.attribution import Attribution, attribute
from bot.judge.ledger import Balances
from bot.judge.objective import Objective
from bot.judge.version import tells_versions
from bot.ports import Account, Books

REACHES = (timedelta(days=90), timedelta(days=400))
"""How far before a time it is looked for the release that was live then."""
_BEFORE = 2 * 86_400
"""Seconds of the ledger before the window: what a release is compared with may lie there."""


@dataclass(frozen=True)
class Attributed:
    """The budget of one objective, divided among releases."""

    objective: Objective
    found: Attribution
    charges: Sequence[Charge]


def releases_of(books: Books, service: str, since: datetime) -> list[Release]:
    """The releases of a service that were live since then, as far as anybody told."""
    found: list[Release] = []
    for reach in REACHES:
        found = journal(books.journal.of([service], since - reach))
        if any(one.began <= since for one in found):
            break
    return [one for one in found if one.ended is None or one.ended > since]


def attributed(
    books: Books,
    objectives: Sequence[Objective],
    releases: Sequence[Release],
    until: datetime | None = None,
) -> list[Attributed]:
    """The budgets of objectives of one service; those without traffic are left out, and those of
    drift: there it is the world that changed, whatever was released. `until`: as they stood
    then."""
    accounts = books.ledger.accounts([one.id for one in objectives])
    taken = taken_out(books.adjustments.holding())
    found = []
    for one in objectives:
        account = None if one.drift else accounts.get(one.id)
        if account is None or account.opened is None or account.read_until is None:
            continue
        last = account.read_until if until is None else _upto(account.read_until, until)
        balances = _rows(books, one, account, last)
        if balances is None:
            continue
        balances = balances.without(near(one, account, taken))
        own = _own(books, one, releases, last)
        own = {version: rows.without(near(one, account, taken)) for version, rows in own.items()}
        staged = [stage for release in releases for stage in stages_of(release, own)]
        divided = attribute(one, balances, account.opened, staged)
        if divided is not None:
            found.append(Attributed(one, divided, charges(releases, divided, own)))
    return found


def _own(
    books: Books, objective: Objective, releases: Sequence[Release], last: int
) -> Mapping[str, Balances]:
    """The accounts of versions, by version, as far as there are any."""
    if not tells_versions(objective):
        return {}
    names = {account_of(objective.id, one.version): one.version for one in releases}
    found = {
        names[name]: _rows(books, objective, account, last)
        for name, account in books.ledger.accounts(list(names)).items()
        if account.opened is not None
    }
    return {version: rows for version, rows in found.items() if rows is not None}


def _upto(read: int, until: datetime) -> int:
    return min(read, int(until.timestamp()))


def _rows(books: Books, objective: Objective, account: Account, last: int) -> Balances | None:
    begins, _ = objective.window.bounds(datetime.fromtimestamp(last, UTC))
    return books.ledger.rows(account.id, int(begins.timestamp()) - _BEFORE, last)
