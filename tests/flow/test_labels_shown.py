"""What is shown of quality while labels are on their way; what labels that came late change."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.freeze import Origin
from bot.decide.policy import Then, Threshold
from bot.flow.facts import Facts
from bot.judge.observation import Observation
from tests.builders import DAY, HOUR, NOON
from tests.flow.conftest import SEARCH, World
from tests.flow.feeding import ACCURACY, ANSWERS, AUC, Feeding, answers, fed, labels, score

LATE = replace(
    fed("accuracy", ACCURACY.indicator, delay=2 * DAY),  # type: ignore[arg-type] # Labelled
    estimate="ranker-cbpe",
)


def shown(world: World, name: str = "accuracy") -> Facts:
    """What /budget show has of one objective."""
    rows = world.answer().show("ranker")["objectives"]
    return next(dict(row) for row in rows if row["objective"] == f"ranker/{name}")


def estimate(hour: int, value: float) -> Observation:
    end = NOON + hour * HOUR
    return Observation(end - HOUR, end, value=value, n=100, tool="CBPE")


def test_matured_and_pending_are_shown_apart(world: World) -> None:
    feeding = Feeding(world, (LATE,))
    rows = [labels(hour) for hour in range(-9 * 24, -2 * 24 + 1)]
    young = [
        replace(labels(hour, right=20, wrong=0), positives=100.0, negatives=0.0)
        for hour in range(-2 * 24 + 1, 1)
    ]
    feeding.push("ranker-labels", *rows, *young)
    feeding.poll()
    said = shown(world)
    assert said["label_delay"] == 2 * DAY
    found = said["labels"]
    assert found["taken"] == "labels take 2 d"
    assert found["labelled"] == pytest.approx((168 * 100 + 48 * 20) / (216 * 100))
    assert found["low"] < found["expected"] < found["high"]
    [line] = found["lines"]
    assert line.startswith("82.2 % of the labels are in: about ")
    assert said["verdict"] != "unknown"


def test_how_many_labels_of_each_class_are_in_is_said(world: World) -> None:
    feeding = Feeding(world, (ACCURACY,))
    rows = [
        Observation(NOON + (h - 1) * HOUR, NOON + h * HOUR, "", 80, 5, 3, 87, 100, 100)
        for h in range(-24, 1)
    ]
    feeding.push("ranker-labels", *rows)
    feeding.poll()
    found = shown(world)["labels"]
    assert not found["biased"]
    assert found["lines"][1] == (
        "Labels are in for 85 % of the predicted positives and 90 % of the negatives."
    )


def test_labels_that_speak_for_one_class_far_more_are_called_biased(world: World) -> None:
    feeding = Feeding(world, (ACCURACY,))
    rows = [
        Observation(NOON + (h - 1) * HOUR, NOON + h * HOUR, "", 90, 5, 3, 2, 100, 400)
        for h in range(-24, 1)
    ]
    feeding.push("ranker-labels", *rows)
    feeding.poll()
    found = shown(world)["labels"]
    assert found["biased"]
    assert "These labels are biased" in found["lines"][0]


def test_an_estimate_is_shown_with_its_record_only_and_counts_nowhere(world: World) -> None:
    feeding = Feeding(world, (LATE,))
    feeding.push("ranker-labels", *(labels(hour) for hour in range(-9 * 24, 1)))
    before = feeding.poll() and feeding.totals(LATE)
    said = feeding.push("ranker-cbpe", estimate(-1, 0.4))
    assert (said["taken"], said["restated"]) == (1, [])
    assert "no record yet" in shown(world)["labels"]["lines"][1]
    feeding.push("ranker-cbpe", *(estimate(hour, 0.895) for hour in range(-60, -48)))
    line = shown(world)["labels"]["lines"][1]
    assert line.startswith("CBPE estimates 40.0 %; over its last 5 chunks with labels")
    feeding.push("ranker-cbpe", *(estimate(hour, 0.3) for hour in range(-60, -48)))
    assert shown(world)["labels"]["lines"][1].startswith("CBPE is not trusted here")
    feeding.poll(1)
    assert feeding.totals(LATE, hour=-48) == before
    assert world.heads() == []


def test_counts_without_labels_say_nothing_of_them(world: World) -> None:
    feeding = Feeding(world, (ANSWERS, replace(ANSWERS, name="late", label_delay=DAY)))
    feeding.push("ranker-answers", *(answers(hour) for hour in range(-24, 1)))
    feeding.poll()
    assert shown(world, "answers")["labels"] is None
    assert shown(world, "late")["labels"] == {
        "delay": DAY,
        "taken": "labels take 1 d",
        "lines": [],
    }


def test_a_batch_that_proves_nothing_is_called_undecided_with_the_samples_that_would_decide(
    world: World,
) -> None:
    feeding = Feeding(world, (AUC,))
    assert shown(world, "auc")["labels"] is None
    feeding.push("ranker-auc", score(0, 0.92, n=50))
    [line] = shown(world, "auc")["labels"]["lines"]
    assert line.startswith(
        "The newest batch (Mon 2 Mar 2026, 12:00 UTC): score 0.92 of 50 samples: undecided "
        "(at least 0.94 is required"
    )
    assert line.endswith("at this score 382 samples decide.")


def test_batches_that_wait_are_told_together_until_they_are_decided(world: World) -> None:
    feeding = Feeding(world, (AUC,))
    feeding.push("ranker-auc", *(score(hour, 0.92, n=50) for hour in (-2, -1, 0)))
    newest, waiting = shown(world, "auc")["labels"]["lines"]
    assert "of 50 samples: undecided" in newest
    assert waiting.startswith("3 batches wait since Mon 2 Mar 2026, 10:00 UTC; together: ")
    assert "0.92 of 150 samples: undecided" in waiting
    world.clock.advance(2 * HOUR)
    feeding.push("ranker-auc", score(1, 0.92, n=50), score(2, 0.88))
    [decided] = shown(world, "auc")["labels"]["lines"]
    assert "0.88 of 1,000 samples: bad" in decided


def strict(world: World) -> Feeding:
    """The policy freezes once nothing is left."""
    gone = Threshold(Fraction(0), Then.FREEZE)
    world.policy = replace(world.policy, thresholds=(gone,), alerts=())
    return Feeding(world, (replace(ACCURACY, alerts=()),))


def test_a_freeze_that_labels_would_not_have_set_stands_and_is_told_once(world: World) -> None:
    feeding = strict(world)
    feeding.push("ranker-labels", *(labels(hour, right=80, wrong=20) for hour in range(-167, 1)))
    feeding.poll()
    [freeze] = world.freezes()
    assert freeze.origin is Origin.POLICY
    world.deliver()
    mended = [labels(hour, right=99, wrong=1) for hour in range(-167, 1)]
    feeding.push("ranker-labels", *mended[:100])
    feeding.push("ranker-labels", *mended)
    world.deliver()
    told = [text for text in world.replies() if "late labels change" in text]
    assert len(told) == 1
    assert f"freeze {freeze.id} stands" in told[0]
    assert [one.id for one in world.freezes()] == [freeze.id]
    [*_, last] = world.story("restated")
    assert last.decision.evidence["before"]["verdict"] in ("exhausted", "healthy")


def test_a_freeze_that_labels_would_have_set_in_the_past_is_told_and_not_set(
    world: World,
) -> None:
    feeding = strict(world)
    good = [labels(hour, right=97, wrong=3) for hour in range(-167, 1)]
    feeding.push("ranker-labels", *good)
    feeding.poll()
    assert world.freezes() == []
    bad = [labels(hour, right=97, wrong=603) for hour in range(-160, -140)]
    feeding.push("ranker-labels", *bad)
    world.deliver()
    told = [text for text in world.heads(SEARCH) if "late labels change" in text]
    assert len(told) == 1
    assert world.freezes() == []


def test_what_late_labels_change_of_the_newest_slice_is_decided_by_the_next_poll(
    world: World,
) -> None:
    feeding = strict(world)
    feeding.push("ranker-labels", *(labels(hour, right=97, wrong=3) for hour in range(-167, 1)))
    feeding.poll()
    feeding.push("ranker-labels", labels(0, right=97, wrong=3_000))
    world.deliver()
    assert [text for text in world.heads(SEARCH) if "late labels change" in text] == []
    feeding.poll(1)
    assert len(world.freezes()) == 1


def test_what_changes_no_decision_is_not_told(world: World) -> None:
    feeding = strict(world)
    feeding.push("ranker-labels", *(labels(hour, right=97, wrong=3) for hour in range(-167, 1)))
    feeding.poll()
    feeding.push("ranker-labels", labels(-5, right=97, wrong=4))
    world.deliver()
    assert world.messenger.posted == []
    assert len(world.story("restated")) == 1
