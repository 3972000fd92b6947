"""Any split into polls, any overlap, crash, restart and thinning leaves the same totals."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.errors import BurnbanError
from bot.judge.ledger import Entry, Slice
from bot.judge.thinning import keeps
from bot.ports import Books, Record
from bot.record import Database
from tests.builders import NOON, objective, when
from tests.fake_record import MemoryRecord
from tests.fresh import fresh_sqlite

pytest_plugins = ["tests.record_stores"]

STEP = 900
"""A quarter of an hour: a short life has slices enough for every tier."""
OBJECTIVE = objective(step=STEP)

Poll = tuple[int, int, bool, bool]
POLLS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 150), st.booleans(), st.booleans()), max_size=10
)
"""How many slices are asked for again, how many new ones, does the process die in it, are rows
thinned after it."""
LIVES = st.builds(
    lambda pattern, length: (pattern * length)[:length],
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 50), st.sampled_from([STEP, STEP, STEP, 0])),
        min_size=1,
        max_size=20,
    ),
    st.integers(1, 600),
)
"""Good and bad events of each slice, and the seconds of it that were seen."""


class Killed(BurnbanError):
    """The process dies before the commit."""


def slices(life: Sequence[tuple[int, int, int]]) -> list[Slice]:
    return [
        Slice(NOON + STEP * n, float(good + bad), float(bad), seen)
        if seen
        else Slice(NOON + STEP * n, 0.0, 0.0, 0)
        for n, (good, bad, seen) in enumerate(life, 1)
    ]


def poll(record: Record, part: Sequence[Slice], until: int, *, dies: bool) -> None:
    def work(books: Books) -> None:
        books.ledger.open([OBJECTIVE], when(until))
        books.ledger.hurry([OBJECTIVE.id], when(until))
        [account] = books.ledger.claim([OBJECTIVE.id], when(until), 1, 1)
        books.ledger.append_many([(account, part, until)])
        if dies:
            raise Killed
        books.ledger.release_many([account], when(until))

    record.write(work)


def live(begin: Callable[[], Record], pieces: list[Slice], polls: Sequence[Poll]) -> list[Entry]:
    """Poll by poll, until everything has been asked for; the rows that are left."""
    record, asked = begin(), 0
    for again, fresh, dies, thins in [*polls, (0, len(pieces), False, True)]:
        end = min(len(pieces), asked + fresh)
        part, until = pieces[max(0, asked - again) : end], NOON + STEP * end
        if dies:
            with pytest.raises(Killed):
                poll(record, part, until, dies=True)
            record.close()
            record = begin()
        else:
            poll(record, part, until, dies=False)
            asked = end
        if thins:
            record.write(lambda books, t=until: books.ledger.thin(when(t), 100_000))
    [account] = record.read(lambda books: books.ledger.accounts([OBJECTIVE.id])).values()
    found = record.read(lambda books: books.ledger.rows(account.id, 0, until))
    record.close()
    return [] if found is None else list(found.rows)


def check(rows: Sequence[Entry], pieces: Sequence[Slice], now: int) -> None:
    """Every row left says what all slices up to it come to, the first and the newest row are
    there, and so is every observed instant that is to be kept."""
    seen = [n for n, piece in enumerate(pieces) if piece.observed]
    if not seen:
        assert list(rows) == []
        return
    counted = pieces[seen[0] :]
    total = Entry(counted[0].at - STEP, 0.0, 0.0, 0)
    totals = {total.at: total}
    for piece in counted:
        total = total.plus(piece)
        totals[piece.at] = total
    assert all(totals[row.at] == row for row in rows)
    assert (rows[0].at, rows[-1].at) == (min(totals), max(totals))
    kept = {piece.at for piece in counted if piece.observed and keeps(piece.at, now, STEP)}
    assert kept <= {row.at for row in rows}


@given(LIVES, POLLS)
def test_any_way_of_polling_leaves_the_same_totals_in_memory(
    life: list[tuple[int, int, int]], polls: list[Poll]
) -> None:
    pieces, record = slices(life), MemoryRecord()
    check(live(lambda: record, pieces, polls), pieces, NOON + STEP * len(pieces))


@examples(max_examples=30)
@given(LIVES, POLLS)
def test_any_way_of_polling_leaves_the_same_totals_on_sqlite(
    life: list[tuple[int, int, int]], polls: list[Poll]
) -> None:
    pieces = slices(life)
    with TemporaryDirectory() as folder:
        url = fresh_sqlite(Path(folder) / "burnban.db")
        rows = live(lambda: Database(url), pieces, polls)
    check(rows, pieces, NOON + STEP * len(pieces))
