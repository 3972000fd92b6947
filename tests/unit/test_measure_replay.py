"""Counts from a file: rows add up to slices; bad rows are named by line."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.judge.indicator import Ratio, Recorded
from bot.judge.ledger import Slice
from bot.judge.objective import Method, Objective
from bot.judge.thinning import Stretch
from bot.judge.version import of_version
from bot.measure.replay import CsvSource
from bot.ports import Ask, Reading
from tests.builders import objective

NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp())
ID = "ranker/availability"
HEAD = "time,objective,eligible,bad\n"


def source(tmp_path: Path, text: str, **more: int) -> CsvSource:
    path = tmp_path / "counts.csv"
    path.write_text(text)
    return CsvSource("replay", path, **more)


def recorded(method: Method = Method.OCCURRENCES) -> Objective:
    return objective(indicator=Recorded(ID), method=method)


def read(file: CsvSource, stretch: Stretch, method: Method = Method.OCCURRENCES) -> Reading:
    (reading,) = file.read([Ask(recorded(method), stretch, None)])
    return reading


def minutes(*pairs: tuple[float, float], every: int = 60) -> str:
    rows = (f"{NOON + (n + 1) * every},{ID},{e},{b}\n" for n, (e, b) in enumerate(pairs))
    return HEAD + "".join(rows)


def test_rows_become_slices(tmp_path: Path) -> None:
    file = source(tmp_path, minutes((10, 1), (20, 2)))
    assert read(file, Stretch(NOON, NOON + 180, 60)).slices == (
        Slice(NOON + 60, 10.0, 1.0, 60),
        Slice(NOON + 120, 20.0, 2.0, 60),
        Slice(NOON + 180, 0.0, 0.0, 0),
    )


def test_rows_inside_a_longer_slice_add_up(tmp_path: Path) -> None:
    file = source(tmp_path, minutes(*[(10, 1)] * 10))
    assert read(file, Stretch(NOON, NOON + 600, 300)).slices == (
        Slice(NOON + 300, 50.0, 5.0, 300),
        Slice(NOON + 600, 50.0, 5.0, 300),
    )


def test_rows_of_an_hour_serve_slices_of_an_hour(tmp_path: Path) -> None:
    file = source(tmp_path, minutes((3600, 36), (7200, 1), every=3_600))
    found = read(file, Stretch(NOON, NOON + 7_200, 3_600)).slices
    assert [(s.eligible, s.observed) for s in found] == [(3600.0, 3600), (7200.0, 3600)]


def test_only_rows_up_to_the_asked_time_are_visible(tmp_path: Path) -> None:
    file = source(tmp_path, minutes((10, 1), (1e9, 1e9)))
    assert read(file, Stretch(NOON, NOON + 60, 60)).slices == (Slice(NOON + 60, 10.0, 1.0, 60),)


def test_rows_need_no_order_and_times_may_be_written_in_any_zone(tmp_path: Path) -> None:
    rows = f"2026-03-02T13:02:00+01:00,{ID},2,0\n2026-03-02T12:01:00Z,{ID},1,0\n\n"
    found = read(source(tmp_path, HEAD + rows), Stretch(NOON, NOON + 120, 60)).slices
    assert [s.eligible for s in found] == [1.0, 2.0]


def test_timeslices_are_judged_by_the_step_of_the_objective(tmp_path: Path) -> None:
    file = source(tmp_path, minutes((10, 0), (10, 1), (0, 0), (10, 10), (10, 0)))
    reading = read(file, Stretch(NOON, NOON + 300, 300), Method.TIMESLICES)
    assert recorded().target > Fraction(9, 10)
    assert reading.slices == (Slice(NOON + 300, 4.0, 2.0, 300),)


def test_the_newest_slice_is_over(tmp_path: Path) -> None:
    file = source(tmp_path, HEAD, delay=5)
    start = datetime.fromtimestamp(NOON, UTC)
    assert file.newest(start + timedelta(seconds=64)) == NOON
    assert file.newest(start + timedelta(seconds=65)) == NOON + 60


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = source(tmp_path, minutes((10, 1)))
    assert file.check() == "replay: 1 row of 1 objective in counts.csv"
    source(tmp_path, minutes((10, 1), (20, 2)))
    assert file.check() == "replay: 2 rows of 1 objective in counts.csv"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (f"{NOON},{ID},1", "counts.csv:2: a row has four fields"),
        (f"{NOON},,1,0", "counts.csv:2: a row has four fields"),
        (f"{NOON},{ID},1,2", "counts.csv:2: 2 bad events of only 1 eligible ones"),
        (f"{NOON},{ID},-1,0", "counts.csv:2: a count is a number from 0 to 2^53, not '-1'"),
        (f"{NOON},{ID},nan,0", "counts.csv:2: a count is a number from 0 to 2^53, not 'nan'"),
        (f"{NOON},{ID},ten,0", "counts.csv:2: a count is a number from 0 to 2^53, not 'ten'"),
        (f"{NOON},{ID},1e308,0", "counts.csv:2: a count is a number from 0 to 2^53, not '1e308'"),
        (f"{NOON},{ID},9e15,0\n{NOON + 60},{ID},9e15,0", "counts.csv:3: up to here the counts"),
        (f"2026-03-02T12:00:00,{ID},1,0", "counts.csv:2: a time is written like"),
        (f"yesterday,{ID},1,0", "counts.csv:2: a time is written like"),
        (f"{NOON},{ID},1,0\n{NOON},{ID},1,0", "counts.csv:3: another row has the same time"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, row: str, problem: str) -> None:
    file = source(tmp_path, f"{HEAD}{row}\n")
    with pytest.raises(SourceError, match="counts") as error:
        file.check()
    assert problem in str(error.value)
    assert read(file, Stretch(NOON, NOON + 60, 60)).fault == str(error.value)


def test_a_file_without_its_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the first line must be time,objective,eligible,bad"):
        source(tmp_path, f"{NOON},{ID},1,0\n").check()


def test_a_missing_file_is_a_fault_and_not_a_silence(tmp_path: Path) -> None:
    file = CsvSource("replay", tmp_path / "none.csv")
    fault = read(file, Stretch(NOON, NOON + 60, 60)).fault
    assert fault is not None
    assert fault.endswith("none.csv: No such file or directory")


def test_an_objective_that_the_file_does_not_have_is_told(tmp_path: Path) -> None:
    file = source(tmp_path, minutes((1, 0)).replace(ID, "other/availability"))
    fault = read(file, Stretch(NOON, NOON + 60, 60)).fault
    assert fault == f"replay has no rows for {ID} in counts.csv"


def test_a_query_to_a_file_is_a_fault(tmp_path: Path) -> None:
    ask = Ask(objective(indicator=Ratio("a", bad="b")), Stretch(NOON, NOON + 60, 60), None)
    (reading,) = source(tmp_path, minutes((1, 0))).read([ask])
    assert reading.fault == "replay is a file of counts and answers no queries"


def test_fractions_of_events_never_make_more_bad_events_than_events(tmp_path: Path) -> None:
    file = source(tmp_path, minutes((100.3, 0), (0.1, 0.1)))
    found = read(file, Stretch(NOON + 60, NOON + 120, 60)).slices
    assert [(s.eligible == s.bad, round(s.bad, 9)) for s in found] == [(True, 0.1)]


def test_the_rows_of_a_version_are_named_after_it(tmp_path: Path) -> None:
    rows = f"{NOON + 60},{ID},10,1\n{NOON + 60},{ID}@v38,4,1\n"
    file = source(tmp_path, HEAD + rows)
    whole, stretch = recorded(), Stretch(NOON, NOON + 60, 60)
    asks = [Ask(of_version(whole, one, NOON), stretch, None) for one in ("v38", "v39")]
    mine, other = file.read(asks)
    assert mine.slices == (Slice(NOON + 60, 4.0, 1.0, 60),)
    assert other.fault is None
    assert other.slices == (Slice(NOON + 60, 0.0, 0.0, 0),)
    assert read(file, stretch).slices == (Slice(NOON + 60, 10.0, 1.0, 60),)
