"""Laws of feeds: whatever the order of pushes and polls, the balances are those of one push."""

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.judge.observation import Observation
from tests.builders import HOUR
from tests.fake_record import MemoryRecord
from tests.flow.conftest import World
from tests.flow.feeding import ACCURACY, AUC, RECALL, Feeding, labels, score


def fresh() -> Feeding:
    """In memory: the stores agree, as their contract tests say."""
    return Feeding(World(MemoryRecord()))  # type: ignore[arg-type] # a Record is all it needs


HOURS = range(-40, 1)


@dataclass(frozen=True)
class Story:
    """Stages of labels of some hours and versions, pushed in some order, with polls between."""

    acts: tuple[Observation | None, ...]
    """None: a poll."""


@st.composite
def stories(draw: st.DrawFn) -> Story:
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from(HOURS), st.sampled_from(["37", "38"])),
            min_size=1,
            max_size=6,
            unique=True,
        )
    )
    acts: list[Observation | None] = []
    for hour, version in keys:
        right, wrong = draw(st.tuples(st.integers(0, 50), st.integers(0, 50)))
        final = labels(hour, version, right, wrong)
        early = replace(final, tp=float(right // 2), fp=float(wrong // 2))
        # The newest word is said last, or again; what falls behind it is refused.
        acts += [early, final] if draw(st.booleans()) else [final, early, final]
    polls = draw(st.integers(0, 4))
    return Story(tuple(draw(st.permutations([*acts, *[None] * polls]))))


def final(acts: tuple[Observation | None, ...]) -> list[Observation]:
    """What is known in the end: counts only grow."""
    known: dict[tuple[int, int, str], Observation] = {}
    for one in acts:
        if one is not None and (one.key not in known or one.labelled >= known[one.key].labelled):
            known[one.key] = one
    return list(known.values())


@settings(max_examples=40, deadline=None)
@given(stories())
def test_any_order_and_repetition_ends_in_the_balances_of_one_push(story: Story) -> None:
    bit_by_bit, at_once = fresh(), fresh()
    for one in story.acts:
        if one is None:
            bit_by_bit.poll()
        else:
            bit_by_bit.push("ranker-labels", one)
    bit_by_bit.poll()
    at_once.push("ranker-labels", *final(story.acts))
    at_once.poll()
    for objective in (ACCURACY, RECALL):
        for hour in HOURS:
            assert bit_by_bit.totals(objective, hour) == at_once.totals(objective, hour)


scores = st.lists(
    st.tuples(
        st.sampled_from(HOURS), st.sampled_from([0.8, 0.92, 0.95, 0.99]), st.sampled_from([20, 900])
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda drawn: drawn[0],
)


@settings(max_examples=40, deadline=None)
@given(scores, st.randoms(use_true_random=False))
def test_scores_in_any_order_are_decided_as_if_all_had_been_there(drawn, random) -> None:  # type: ignore[no-untyped-def] # drawn by hypothesis
    rows = [score(hour, value, n) for hour, value, n in drawn]
    bit_by_bit, at_once = fresh(), fresh()
    for one in random.sample(rows, len(rows)):
        bit_by_bit.push("ranker-auc", one)
        if random.random() < 0.5:
            bit_by_bit.poll()
    bit_by_bit.poll()
    at_once.push("ranker-auc", *rows)
    at_once.poll()
    for hour in HOURS:
        assert bit_by_bit.totals(AUC, hour) == at_once.totals(AUC, hour)
        assert bit_by_bit.totals(AUC, hour)[2] % HOUR == 0
