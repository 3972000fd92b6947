"""Late truth: an account as it would be if what came late had been counted at first."""

from collections.abc import Sequence

from bot.judge.ledger import Entry, Slice
from bot.judge.thinning import keeps

_ROUNDING = 1e-9
"""Share of a total by which sums of broken numbers may differ from each other."""


def restated(
    rows: Sequence[Entry],
    corrections: Sequence[Slice],
    step: int,
    now: int,
    read_until: int,
) -> list[Entry]:
    """The rows of an account, with the differences of some slices posted: every later total moves
    with each. `rows` ascend; they begin at the opening row, or where the first correction `begins`
    or earlier.

    A slice without a row of its own gets one where rows are kept at its age; a thinned account is
    corrected at the row that holds the slice. What came before the account was opened opens it
    earlier. `step`: of the account; `now`, `read_until`: seconds since 1970.

    Raises ValueError if a total would fall, or there would be more bad events than eligible
    ones.
    """
    posted = sorted(corrections, key=lambda piece: piece.at)
    if not posted:
        return list(rows)
    found: list[Entry] = []
    balance, index, sums = _opening(rows, posted), 0, Entry(0, 0.0, 0.0, 0)
    if not rows or balance.at < rows[0].at:
        found.append(balance)
    own = {row.at: row for row in rows}
    for at in _instants(own, posted, step, now, read_until):
        balance = own.get(at, balance)
        while index < len(posted) and posted[index].at <= at:
            sums = sums.plus(posted[index])
            index += 1
        found.append(
            Entry(
                at,
                balance.eligible + sums.eligible,
                balance.bad + sums.bad,
                balance.observed + sums.observed,
            )
        )
    return _monotone(found)


def begins(corrections: Sequence[Slice]) -> int:
    """Where the first of some slices begins, as far as it was observed."""
    return min(piece.at - max(0, piece.observed) for piece in corrections)


def _opening(rows: Sequence[Entry], posted: Sequence[Slice]) -> Entry:
    """The balance before the first correction."""
    start = begins(posted)
    if not rows or start < rows[0].at:
        return Entry(start, 0.0, 0.0, 0)
    return rows[0]


def _instants(
    own: dict[int, Entry], posted: Sequence[Slice], step: int, now: int, read_until: int
) -> list[int]:
    last = max([*own, read_until])
    new = (piece.at for piece in posted if piece.at not in own and piece.at <= last)
    return sorted({*own, *(at for at in new if keeps(at, now, step)), last})


def _monotone(rows: list[Entry]) -> list[Entry]:
    """Totals only grow; what rounding took from them is given back."""
    found = rows[:1]
    for row in rows[1:]:
        before = found[-1]
        for name, old, new in zip(Entry._fields[1:], before[1:], row[1:], strict=True):
            if new < old - abs(old) * _ROUNDING:
                raise ValueError(f"{name} would fall from {old:g} to {new:g} at {row.at}")
        eligible = max(before.eligible, row.eligible)
        if row.bad > eligible + abs(eligible) * _ROUNDING:
            raise ValueError(f"{row.bad:g} bad events of only {eligible:g} at {row.at}")
        bad = min(eligible, max(before.bad, row.bad))
        found.append(Entry(row.at, eligible, bad, row.observed))
    return found
