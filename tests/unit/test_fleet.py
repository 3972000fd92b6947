"""The replayed day: its counts, its people, its calendar."""

import csv
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import spec
from bot.judge.thinning import stretches
from bot.playground import seed
from bot.playground.fleet.counts import HEADER, rows, write_csv
from bot.playground.fleet.day import SPECS, day_start, lay_out
from bot.playground.fleet.happenings import FLEET, HISTORY, LENGTH, RELEASES, TROUBLES
from bot.playground.model import Command
from bot.playground.seed import BOT

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
BEGAN = int(START.timestamp())
Counts = dict[str, list[tuple[int, int, int]]]


@pytest.fixture(scope="module")
def counts() -> Counts:
    """Per objective: end of slice, eligible, bad; without those of single versions."""
    found: Counts = defaultdict(list)
    for at, objective, eligible, bad in rows(START):
        if "@" not in objective:
            found[objective].append((at, eligible, bad))
    return found


def test_the_day_begins_two_dates_ago_so_that_it_lies_wholly_in_the_past() -> None:
    midnight = datetime(2026, 3, 4, tzinfo=UTC)
    assert day_start(midnight) == START
    assert day_start(midnight + timedelta(hours=23, minutes=59)) == START
    assert START + timedelta(minutes=LENGTH) < midnight


def test_the_date_is_that_of_utc_wherever_the_machine_stands() -> None:
    east = datetime.fromisoformat("2026-03-05T01:00+05:30")  # still 4 March in UTC
    assert day_start(east) == START


def test_the_same_start_gives_the_same_rows() -> None:
    assert list(rows(START)) == list(rows(START))


def test_another_start_moves_the_rows_and_changes_nothing_else() -> None:
    moved = [(at - 86_400, *rest) for at, *rest in rows(START + timedelta(days=1))]
    assert moved == list(rows(START))


def test_counts_are_whole_and_no_slice_has_more_bad_than_eligible_events(counts: Counts) -> None:
    found = [pair for series in counts.values() for _, *pair in series]
    assert all(type(number) is int for pair in found for number in pair)
    assert all(0 <= bad <= eligible for eligible, bad in found)


def test_the_day_comes_in_minutes_without_a_gap(counts: Counts) -> None:
    expected = list(range(BEGAN + 60, BEGAN + LENGTH * 60 + 1, 60))
    for series in counts.values():
        assert [at for at, *_ in series if at > BEGAN] == expected


def test_the_weeks_before_fill_a_whole_window(counts: Counts) -> None:
    assert all(series[0][0] <= BEGAN - HISTORY * 60 + 3_600 for series in counts.values())
    assert HISTORY * 60 > 28 * 86_400


@pytest.mark.parametrize("late", [-60, 0, 60, 300, 3_000])
def test_every_slice_that_a_first_look_back_asks_for_has_a_row(counts: Counts, late: int) -> None:
    now = BEGAN + late
    asked = [
        end
        for stretch in stretches((now - 28 * 86_400) // 3_600 * 3_600, now, 60)
        for end in range(stretch.since + stretch.step, stretch.until + 1, stretch.step)
    ]
    assert set(asked) <= {at for at, *_ in counts["ranker/availability"]}
    assert asked[-1] == now


def test_nights_are_quieter_than_evenings(counts: Counts) -> None:
    by_end = {at: eligible for at, eligible, _ in counts["recs/latency"]}
    evening, night = BEGAN + 11 * 3_600, BEGAN + 19 * 3_600  # 19:00 and 03:00
    assert by_end[evening] > 3 * by_end[night]


def test_freshness_has_one_event_a_minute_day_and_night_for_all_the_weeks(counts: Counts) -> None:
    series = counts["recs/freshness"]
    first, last = BEGAN - HISTORY * 60 + 60, BEGAN + LENGTH * 60
    assert [at for at, *_ in series] == list(range(first, last + 1, 60))
    assert {eligible for _, eligible, _ in series} == {1}


def test_rows_come_in_the_order_of_time() -> None:
    ends = [at for at, *_ in rows(START)]
    assert ends == sorted(ends)


def test_every_trouble_befalls_an_objective_of_the_fleet_within_the_time_on_record() -> None:
    assert {trouble.objective for trouble in TROUBLES} <= {stream.objective for stream in FLEET}
    assert all(-HISTORY <= trouble.since < trouble.until <= LENGTH for trouble in TROUBLES)


def test_releases_are_told_in_order() -> None:
    assert [release.at for release in RELEASES] == sorted(release.at for release in RELEASES)


def test_the_file_has_the_columns_and_rows_that_were_counted(tmp_path: Path) -> None:
    write_csv(tmp_path / "counts.csv", START)
    with (tmp_path / "counts.csv").open(newline="", encoding="utf-8") as file:
        head, *body = csv.reader(file)
    assert tuple(head) == HEADER
    assert [(int(at), o, int(e), int(b)) for at, o, e, b in body] == list(rows(START))


def test_the_app_is_in_every_channel_and_no_guest_is_in_a_group() -> None:
    space = seed.workspace(lambda: 0.0, commands=[Command("/budget")])
    assert all(BOT.user_id in channel.members for channel in space.channels)
    guests = {user.id for user in space.users if user.is_guest}
    assert guests
    assert not guests & {user for group in space.groups for user in group.users}


def test_what_is_laid_out_loads_and_finds_its_counts(tmp_path: Path) -> None:
    lay_out(tmp_path, START)
    catalog = spec.load(tmp_path / SPECS, source_kinds=("csv", "push"))
    source = catalog.sources["replay"]
    assert Path(str(source.details["path"])).samefile(tmp_path / "counts.csv")
    assert {objective.service for objective in catalog.objectives} == {"ranker", "recs", "fraud"}


def test_laying_out_again_changes_nothing(tmp_path: Path) -> None:
    lay_out(tmp_path, START)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    lay_out(tmp_path, START)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
