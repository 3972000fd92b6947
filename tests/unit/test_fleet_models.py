"""The replayed day's versions and feeds: what serves, what is told of it, which labels came."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.decide.release import Note, Release, journal, live_at
from bot.judge.canary import Advice, Look, advice
from bot.judge.observation import Change, went_down, wrongs
from bot.playground.fleet import feed, story
from bot.playground.fleet.corrected import corrected
from bot.playground.fleet.counts import rows
from bot.playground.fleet.happenings import (
    BEFORE,
    CANARY,
    CAUGHT_UP,
    DAY,
    FLEET,
    HISTORY,
    LENGTH,
    RELEASES,
    RETRAINED,
    TRADE,
)
from bot.playground.fleet.serving import parts, words

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
BEGAN = int(START.timestamp())
APART = [stream.objective for stream in FLEET if stream.apart]
Counts = Mapping[str, Mapping[int, tuple[int, int]]]


@pytest.fixture(scope="module")
def counts() -> Counts:
    """By name and minute of the day: eligible and bad events of the slice that ends then."""
    found: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for at, name, eligible, bad in rows(START):
        found[name][(at - BEGAN) // 60] = eligible, bad
    return found


def told(service: str) -> list[Release]:
    notes = [
        Note(n, str(n), word.service, word.version, word.kind, word.at or START, "api", word.share)
        for n, word in enumerate(words(START), 1)
        if word.service == service
    ]
    return journal(notes)


@pytest.mark.parametrize("service", ["ranker", "recs", "fraud"])
def test_what_serves_is_what_the_journal_makes_of_what_is_told(service: str) -> None:
    releases = told(service)
    for minute in range(-20 * DAY, LENGTH, 7):
        now = START + timedelta(minutes=minute)
        live = live_at(releases, now)
        assert {one.version for one in live} == {v for v, _ in parts(service, minute + 1)}
        if len(live) > 1:
            assert parts(service, minute + 1)[-1] == (
                live[-1].version,
                float(live[-1].share_at(now)),
            )


def test_all_is_told_in_the_order_in_which_it_happens() -> None:
    instants = [word.at for word in words(START)]
    assert None not in instants
    assert instants == sorted(at for at in instants if at is not None)
    assert len(words(START)) > len(BEFORE) + len(RELEASES)


@pytest.mark.parametrize("objective", APART)
def test_the_versions_together_are_all_that_is_counted(counts: Counts, objective: str) -> None:
    first = min(one.at for one in BEFORE if objective.startswith(one.service))
    versions = [name for name in counts if name.startswith(f"{objective}@")]
    assert len(versions) > 3
    for minute, whole in counts[objective].items():
        if minute > first:
            mine = [counts[name][minute] for name in versions if minute in counts[name]]
            assert (sum(e for e, _ in mine), sum(bad for _, bad in mine)) == whole


def looks(counts: Counts, version: str, beside: str, since: int, until: int) -> list[Look]:
    """Of ranker's availability, minute by minute."""
    mine, other = (counts[f"ranker/availability@{one}"] for one in (version, beside))
    return [
        Look(mine[m][1], mine[m][0], other[m][1], other[m][0]) for m in range(since + 1, until + 1)
    ]


def test_the_proof_against_the_canary_is_there_when_the_line_says_so(counts: Counts) -> None:
    found = advice("v41", "v39", looks(counts, "v41", "v39", CANARY.at, story.PROPOSED))
    assert found.advice is Advice.ROLL_BACK
    early = advice("v41", "v39", looks(counts, "v41", "v39", CANARY.at, CANARY.at + 1))
    assert early.advice is Advice.WAIT


def test_people_have_more_than_a_minute_to_decide_about_it() -> None:
    assert CANARY.over - story.PROPOSED >= 75  # seconds of real time


@pytest.mark.parametrize("minute", [0, 100, CAUGHT_UP, 470, LENGTH])
def test_all_that_feeds_say_by_then_can_be_believed(minute: int) -> None:
    now = BEGAN + minute * 60
    said = [*feed.labels(START, None, minute), *feed.drift(START, None, minute)]
    assert said
    assert [found for row in said for found in wrongs(row, now)] == []


def test_labels_only_grow_and_in_the_end_all_are_there() -> None:
    known = {row.key: row for row in feed.labels(START, None, 0)}
    for minute in range(1, LENGTH + 1):
        for row in feed.labels(START, minute - 1, minute):
            assert not went_down(Change(known.get(row.key), row))
            known[row.key] = row
    assert known == {row.key: row for row in feed.labels(START, None, LENGTH)}
    old = [row for row in known.values() if row.end <= BEGAN + (LENGTH - 60) * 60]
    assert all(row.labelled == row.made for row in old)


def test_labels_to_be_pushed_by_hand_correct_those_of_the_night_and_can_be_believed() -> None:
    known = {row.key: row for row in feed.labels(START, None, 0)}
    found = list(corrected(START))
    assert found
    for row in found:
        assert not went_down(Change(known[row.key], row))
        assert (row.fn or 0) > (known[row.key].fn or 0)
        assert wrongs(row, BEGAN) == []


def test_labels_come_late() -> None:
    end = BEGAN + 300 * 60
    (first,) = (row for row in feed.labels(START, None, 315) if row.end == end)
    (rest,) = (row for row in feed.labels(START, None, 350) if row.end == end)
    assert not [row for row in feed.labels(START, None, 314) if row.end == end]
    assert first.made == rest.made == rest.labelled
    assert 0 < first.labelled < rest.labelled / 2


def test_the_labels_of_a_reviewer_who_was_away_come_after_they_were_judged() -> None:
    late = list(feed.labels(START, CAUGHT_UP - 1, CAUGHT_UP))
    assert {(row.end - BEGAN) // 60 for row in late} >= {90, 120}


def test_what_feeds_said_before_fills_a_whole_window() -> None:
    for said in (feed.labels, feed.drift):
        starts = [row.start for row in said(START, None, 0)]
        assert min(starts) == BEGAN - HISTORY * 60
        assert set(range(min(starts), BEGAN - 7_200, feed.STEP * 60)) <= set(starts)


def test_both_versions_have_labels_while_both_serve() -> None:
    during = [
        row
        for row in feed.labels(START, None, LENGTH)
        if BEGAN + (TRADE.at + feed.STEP) * 60 < row.end <= BEGAN + (TRADE.over - 1) * 60
    ]
    assert {row.version for row in during} == {"f20", "f21"}
    wrong = {
        version: sum((row.fp or 0) + (row.fn or 0) for row in during if row.version == version)
        / sum(row.labelled for row in during if row.version == version)
        for version in ("f20", "f21")
    }
    assert wrong["f20"] - wrong["f21"] > 0.01


def test_the_inputs_drift_from_noon_until_the_model_is_trained_again() -> None:
    days = {(row.end - BEGAN) // 60: row.value or 0 for row in feed.drift(START, None, LENGTH)}
    today = {minute for minute, value in days.items() if minute > 0 and value > feed.LIMIT}
    assert min(today) in range(241, 301)
    assert today == set(range(min(today), RETRAINED.at + 1, feed.STEP))
