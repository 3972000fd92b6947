"""Feeds: what is pushed reaches the budgets, also what comes late, and each of it once."""

from dataclasses import replace

import pytest

from bot.decide.caller import Rights
from bot.decide.release import Note, NoteKind
from bot.errors import Contradicted, Forbidden, NoSuch
from bot.flow.poll.receive import Refused
from bot.judge.observation import Observation
from bot.judge.verdict import Kind
from tests.builders import DAY, HOUR, NOON, when
from tests.flow.conftest import World
from tests.flow.feeding import (
    ACCURACY,
    ANSWERS,
    AUC,
    PUSHER,
    RECALL,
    Feeding,
    answers,
    fed,
    labels,
    score,
)


@pytest.fixture
def feeding(world: World) -> Feeding:
    return Feeding(world)


def week(feeding: Feeding, until: int = 0) -> None:
    """A week of labels up to an hour, pushed and polled."""
    rows = [labels(hour) for hour in range(until - 7 * 24 + 1, until + 1)]
    feeding.push("ranker-labels", *rows)
    feeding.poll()


def test_what_was_pushed_is_counted_by_the_next_poll(feeding: Feeding) -> None:
    said = feeding.push("ranker-labels", labels(-1), labels(0, "37"), labels(0, "38", 80, 20))
    assert (said["taken"], said["changed"], said["refused"], said["restated"]) == (3, 3, [], [])
    assert feeding.poll() == 4
    assert feeding.totals() == (300, 40, 2 * HOUR)
    assert feeding.totals(RECALL) == (260, 0, 2 * HOUR)


def test_late_labels_move_the_balance_and_are_on_record_with_both_figures(
    feeding: Feeding,
) -> None:
    week(feeding)
    said = feeding.push("ranker-labels", labels(-5, right=90, wrong=60))
    assert said["restated"] == [
        {"objective": "ranker/accuracy", "slices": 1},
    ]
    assert feeding.totals(hour=-6) == (162 * 100, 1_620, 162 * HOUR)
    assert feeding.totals(hour=-5) == (163 * 100 + 50, 1_680, 163 * HOUR)
    assert feeding.totals() == (168 * 100 + 50, 1_730, 168 * HOUR)
    [row] = feeding.world.story("restated")
    assert row.decision.actor == PUSHER.actor
    assert row.decision.objective == "ranker/accuracy"
    assert row.decision.reason == "ranker-labels said more of 1 slice: +50 eligible, +50 bad"
    evidence = row.decision.evidence
    assert (evidence["before"]["bad"], evidence["after"]["bad"]) == (1_680, 1_730)


def test_the_same_push_again_changes_nothing(feeding: Feeding) -> None:
    week(feeding)
    late = labels(-5, right=90, wrong=60)
    feeding.push("ranker-labels", late)
    before = feeding.balances().rows
    said = feeding.push("ranker-labels", late)
    assert (said["taken"], said["changed"], said["restated"]) == (1, 0, [])
    feeding.poll()
    assert feeding.balances().rows == before
    assert len(feeding.world.story("restated")) == 1


def test_what_was_pushed_before_anything_was_known_opens_the_account_earlier(
    feeding: Feeding,
) -> None:
    feeding.push("ranker-labels", labels(0))
    feeding.poll()
    feeding.push("ranker-labels", *(labels(hour) for hour in range(-24, 0)))
    assert feeding.totals() == (2_500, 250, 25 * HOUR)
    assert feeding.totals(hour=-24) == (100, 10, HOUR)


def test_a_feed_that_begins_after_the_first_poll_is_not_lost(feeding: Feeding) -> None:
    feeding.poll()
    feeding.push("ranker-labels", labels(-3), labels(-1))
    assert feeding.totals() == (200, 20, 2 * HOUR)
    assert feeding.totals(hour=-2) == (100, 10, HOUR)
    feeding.world.clock.advance(HOUR)
    feeding.push("ranker-labels", labels(1))
    feeding.poll()
    assert feeding.totals() == (300, 30, 3 * HOUR)


def test_scores_that_come_late_are_decided_anew(feeding: Feeding) -> None:
    feeding.push("ranker-auc", score(-3, 46 / 50, 50), score(-1, 0.99))
    feeding.poll()
    assert feeding.totals(AUC)[:2] == (2, 0)
    feeding.push("ranker-auc", score(-2, 0.8))
    assert feeding.totals(AUC, hour=-3)[:2] == (0, 0)
    assert feeding.totals(AUC, hour=-2)[:2] == (2, 2)
    assert feeding.totals(AUC)[:2] == (3, 2)


def test_what_is_pushed_while_a_poll_reads_is_counted_once(feeding: Feeding) -> None:
    feeding.push("ranker-labels", labels(-1), labels(0))

    class Slow:
        """Somebody pushes after it was read and before it is stored."""

        name = "labels"
        newest = staticmethod(feeding.source.newest)

        def read(self, asks):  # type: ignore[no-untyped-def] # as Source
            found = feeding.source.read(asks)
            feeding.push("ranker-labels", labels(-2), labels(0, right=90, wrong=40))
            return found

    feeding.flow().run(Slow(), force=True)  # type: ignore[arg-type] # all that is asked of it
    assert feeding.totals() == (330, 60, 3 * HOUR)
    feeding.push("ranker-labels", labels(-2), labels(0, right=90, wrong=40))
    assert feeding.totals() == (330, 60, 3 * HOUR)


def test_an_account_that_waits_for_labels_is_read_only_up_to_then(world: World) -> None:
    late = fed("accuracy", ACCURACY.indicator, delay=2 * DAY)  # type: ignore[arg-type] # Labelled
    feeding = Feeding(world, (late,))
    feeding.push("ranker-labels", *(labels(hour) for hour in range(-9 * 24, 1)))
    feeding.poll()
    assert feeding.balances(late).last.at == NOON - 2 * DAY
    [judged] = world.answer().judged()
    assert judged.verdict.as_of == when(NOON - 2 * DAY)
    assert judged.verdict.kind is not Kind.UNKNOWN
    world.clock.advance(2 * HOUR)
    feeding.poll()
    assert feeding.balances(late).last.at == NOON - 2 * DAY + 2 * HOUR


def test_an_account_that_waits_for_labels_is_due_when_the_next_slice_is_old_enough(
    world: World,
) -> None:
    late = fed("accuracy", ACCURACY.indicator, delay=2 * DAY)  # type: ignore[arg-type] # Labelled
    feeding = Feeding(world, (late,))
    feeding.push("ranker-labels", labels(-72))
    feeding.poll()
    run = feeding.flow()
    assert run.run(feeding.source) == 0
    world.clock.advance(HOUR)
    assert run.run(feeding.source) == 1


def test_a_feed_that_nobody_counts_is_refused_with_the_nearest(feeding: Feeding) -> None:
    with pytest.raises(NoSuch) as told:
        feeding.push("ranker-lables", labels(0))
    assert told.value.sentence == "No objective counts a feed ranker-lables."
    assert told.value.example == "did you mean ranker-labels?"
    with pytest.raises(NoSuch) as told:
        feeding.push("zzz", labels(0))
    assert "ranker-answers, ranker-auc, ranker-labels" in told.value.example


@pytest.mark.parametrize("scope", ["slices:push:ranker-labels", "slices:push:ranker"])
def test_a_token_pushes_for_a_feed_or_for_all_of_a_service(feeding: Feeding, scope: str) -> None:
    mine = replace(PUSHER, rights=Rights.of([scope]))
    assert feeding.push("ranker-labels", labels(0), caller=mine)["taken"] == 1
    other = replace(PUSHER, rights=Rights.of(["slices:push:recs", "gate:decide:ranker", "read"]))
    with pytest.raises(Forbidden):
        feeding.push("ranker-labels", labels(0), caller=other)


def test_what_is_sound_is_taken_and_each_fault_is_told(feeding: Feeding) -> None:
    future = labels(2)
    unknown = Observation(NOON - HOUR, NOON, "x", tp=5, fp=1, fn=0, tn=0, positives=4, negatives=0)
    said = feeding.push(
        "ranker-labels",
        labels(-1),
        future,
        labels(-2, wrong=-1),
        answers(-3),
        unknown,
        labels(-4, right=float("nan")),
        labels(-500 * 24),
        replace(labels(-5), start=NOON - 40 * DAY),
    )
    assert said["taken"] == 1
    assert [(one["index"], one["field"]) for one in said["refused"]] == [
        (1, "end"), (2, "fp"), (3, "tp, fp, fn, tn"), (4, "tp + fp"), (5, "tp"), (6, "end"),
        (7, "start"),
    ]  # fmt: skip


def test_counts_that_fall_are_refused_also_within_one_batch(feeding: Feeding) -> None:
    said = feeding.push("ranker-labels", labels(0), labels(0, right=50))
    assert [one["index"] for one in said["refused"]] == [1]
    said = feeding.push("ranker-labels", labels(0, right=50))
    assert said["refused"] == [
        {
            "index": 0,
            "field": "tp, fp, fn, tn",
            "rule": "went down from 100 to 60: counts only grow",
        }
    ]
    assert said["taken"] == 0


def test_a_label_may_be_corrected(feeding: Feeding) -> None:
    week(feeding)
    feeding.push("ranker-labels", labels(-5, right=95, wrong=5))
    assert feeding.totals()[:2] == (16_800, 1_675)


def test_an_atomic_batch_with_a_fault_leaves_nothing_behind(feeding: Feeding) -> None:
    with pytest.raises(Refused) as told:
        feeding.push("ranker-labels", labels(0), labels(2), atomic=True)
    assert [(one.index, one.field) for one in told.value.refusals] == [(1, "end")]
    feeding.poll()
    with pytest.raises(AssertionError):
        feeding.balances()
    assert feeding.push("ranker-labels", labels(0), labels(-1), atomic=True)["taken"] == 2


def test_a_version_that_was_never_released_is_refused_where_the_source_says_so(
    world: World,
) -> None:
    feeding = Feeding(world, versions="released")
    note = Note(0, "k1", "ranker", "38", NoteKind.BEGAN, when(NOON), "api ci", None, "ada", "")
    world.record.write(lambda books: books.journal.add(note))
    said = feeding.push("ranker-labels", labels(0, "38"), labels(0, "39"), labels(0))
    assert [(one["index"], one["field"]) for one in said["refused"]] == [
        (1, "version"),
        (2, "version"),
    ]


def test_a_version_that_was_never_released_is_refused_once_the_journal_began(
    world: World,
) -> None:
    feeding = Feeding(world, versions="known")
    assert feeding.push("ranker-labels", labels(-5, "39"))["refused"] == []
    note = Note(
        0, "k1", "ranker", "38", NoteKind.BEGAN, when(NOON - HOUR), "api ci", None, "ada", ""
    )
    world.record.write(lambda books: books.journal.add(note))
    rows = labels(0, "38"), labels(0, "39"), labels(-1, "39"), labels(-3)
    said = feeding.push("ranker-labels", *rows)
    assert [(one["index"], one["field"]) for one in said["refused"]] == [(1, "version")]
    assert "burnban released ranker 39" in said["refused"][0]["rule"]


def test_the_same_request_gets_the_same_answer_and_its_key_no_other(feeding: Feeding) -> None:
    first = feeding.push("ranker-labels", labels(0), once="k", digest="a")
    again = feeding.push("ranker-labels", labels(0), once="k", digest="a")
    assert first == again
    assert again["changed"] == 1
    with pytest.raises(Contradicted):
        feeding.push("ranker-labels", labels(-1), once="k", digest="b")


def test_counts_are_taken_as_they_are(feeding: Feeding) -> None:
    feeding.push("ranker-answers", *(answers(hour) for hour in range(-5, 1)))
    feeding.poll()
    assert feeding.totals(ANSWERS) == (600, 6, 6 * HOUR)
