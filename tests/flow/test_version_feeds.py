"""What feeds say of versions is counted apart for each that serves, and is all there is."""

from collections import defaultdict
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.decide.release import NoteKind
from bot.errors import Contradicted
from bot.judge.ledger import Slice
from bot.judge.observation import Observation
from bot.judge.tally import Quality, counts_of
from tests.builders import DAY, HOUR, NOON
from tests.fake_record import MemoryRecord
from tests.flow.conftest import World
from tests.flow.feeding import ACCURACY, ANSWERS, AUC, RECALL, Feeding, answers, fed, labels, score

SLOW = fed("slow", ACCURACY.indicator, delay=7 * DAY)  # type: ignore[arg-type] # labels
VERSIONS = ("37", "38")


@pytest.fixture
def feeding(world: World) -> Feeding:
    return Feeding(world)


def totals(feeding: Feeding, version: str, hour: int = 10_000) -> tuple[float, float, int]:
    found = feeding.served(ACCURACY, version)
    if found is None:
        return 0.0, 0.0, 0
    row = found.at(NOON + hour * HOUR)
    return row.eligible, row.bad, row.observed


def test_a_version_that_serves_gets_an_account_of_what_is_said_of_it(feeding: Feeding) -> None:
    feeding.release("38", ago=3)
    feeding.push("ranker-labels", labels(0, "37"), labels(0, "38", 70, 30), labels(-1))
    assert feeding.count() == 3  # accuracy, recall and answers; a score is that of a batch
    assert totals(feeding, "38") == (100, 30, HOUR)
    assert feeding.served(ACCURACY, "37") is None
    assert feeding.served(AUC, "38") is None
    assert feeding.count() == 0


def test_labels_that_come_late_move_the_account_of_their_version_alone(feeding: Feeding) -> None:
    for version in VERSIONS:
        feeding.release(version, ago=3)
    early = [labels(hour, version) for hour in (-1, 0) for version in VERSIONS]
    feeding.push("ranker-labels", *early)
    feeding.poll()
    feeding.count()
    said = feeding.push("ranker-labels", labels(-1, "38", 90, 25))
    assert said["restated"] == [{"objective": "ranker/accuracy", "slices": 1}]
    assert totals(feeding, "37") == (200, 20, 2 * HOUR)
    assert totals(feeding, "38", -1) == (115, 25, HOUR)
    assert totals(feeding, "38") == (215, 35, 2 * HOUR)
    assert feeding.totals() == (415, 55, 2 * HOUR)


def test_labels_reach_a_version_that_nobody_reads_any_more(feeding: Feeding) -> None:
    feeding = Feeding(feeding.world, (SLOW,))
    feeding.release("38", ago=3)
    feeding.poll()
    assert feeding.count() == 1
    feeding.release("38", NoteKind.ENDED)
    assert feeding.count(1) == 1
    assert feeding.count(3) == 0
    feeding.push("ranker-labels", labels(-1, "38", 80, 20))
    own = feeding.served(SLOW, "38")
    assert own is not None
    assert (own.last.eligible, own.last.bad) == (100, 20)
    feeding.poll(8 * 24)
    assert feeding.totals(SLOW)[:2] == (100, 20)


def test_the_slice_in_which_a_version_ended_is_counted_once_it_is_over(world: World) -> None:
    day = replace(ACCURACY, step=DAY)
    feeding = Feeding(world, (day,))
    feeding.source = feeding.source_of(DAY)
    feeding.release("38", ago=30)
    feeding.count()
    feeding.release("38", NoteKind.ENDED)
    midnight = NOON + 12 * HOUR
    row = Observation(midnight - DAY, midnight, "38", tp=80, fp=20, fn=0, tn=0)
    feeding.world.clock.advance(13 * HOUR)
    feeding.push("ranker-labels", row)
    assert feeding.count() == 1
    own = feeding.served(day, "38")
    assert own is not None
    assert own.last.eligible == 100


def test_what_was_said_before_anybody_told_of_the_release_is_counted(feeding: Feeding) -> None:
    feeding.push("ranker-labels", *(labels(hour, "38") for hour in range(-100, 1)))
    feeding.poll()
    feeding.release("38")
    feeding.count()
    assert totals(feeding, "38") == feeding.totals()


def test_rows_without_a_version_belong_to_none(feeding: Feeding) -> None:
    feeding.release("38", ago=3)
    feeding.push("ranker-labels", labels(0))
    feeding.poll()
    feeding.count()
    feeding.push("ranker-labels", labels(-1))
    assert feeding.served(ACCURACY, "38") is None
    assert feeding.totals()[0] == 200


def test_versions_of_a_feed_are_never_judged_and_stand_in_no_story(feeding: Feeding) -> None:
    feeding.release("38", ago=3)
    feeding.poll()
    feeding.count()
    feeding.push("ranker-labels", labels(-1, "38", 0, 1_000))
    feeding.poll(1)
    assert all("@" not in row.decision.objective for row in feeding.world.story())
    assert not any("@" in judged.objective.id for judged in feeding.world.answer().judged())


def test_an_account_that_counts_otherwise_is_left_as_it_is(feeding: Feeding) -> None:
    feeding.release("38", ago=3)
    feeding.push("ranker-labels", labels(0, "38"))
    feeding.poll()
    feeding.count()
    feeding.release("38", NoteKind.ENDED)
    feeding.world.clock.advance(4 * HOUR)
    other = replace(ACCURACY, indicator=replace(RECALL.indicator, figure=Quality.PRECISION))  # type: ignore[type-var] # labels
    feeding.world.objectives = (other, RECALL, ANSWERS, AUC)
    feeding.world.open()
    feeding.push("ranker-labels", labels(0, "38", 90, 60))
    assert totals(feeding, "38") == (100, 10, HOUR)


@dataclass(frozen=True)
class Said:
    """Labels or counts of one hour and version, at last."""

    hour: int
    version: str
    right: int
    wrong: int


said = st.builds(
    Said,
    st.integers(-30, 0),
    st.sampled_from(["", "36", *VERSIONS]),
    st.integers(0, 40),
    st.integers(0, 40),
)
acts = st.lists(
    st.one_of(said, st.sampled_from(["poll", "count", "hour", "tell 37", "tell 38"])),
    min_size=3,
    max_size=16,
)


def say(feeding: Feeding, act: Said) -> None:
    feeding.push("ranker-labels", labels(act.hour, act.version, act.right, act.wrong))
    counts = answers(act.hour, act.right + act.wrong, act.wrong)
    feeding.push("ranker-answers", replace(counts, version=act.version))


def play(feeding: Feeding, story: list[Said | str]) -> None:
    """What comes in whatever order; what falls behind the newest word is refused."""
    told: set[str] = set()
    for act in story:
        if isinstance(act, Said):
            say(feeding, act)
        elif act == "poll":
            feeding.poll()
        elif act == "count":
            feeding.count()
        elif act == "hour":
            feeding.poll(1)
        elif act not in told:
            told.add(act)
            feeding.release(act.removeprefix("tell "))
    for act in {"tell 37", "tell 38"} - told:
        feeding.release(act.removeprefix("tell "))
    feeding.poll(1)
    feeding.count(1)
    feeding.poll()


def together(feeding: Feeding, feed: str) -> None:
    """Of every objective of a feed: the accounts of versions and the rows of none make it up."""
    rows = feeding.world.record.read(lambda books: books.observations.of(feed, 0, 2**40))
    for one in feeding.objectives:
        if getattr(one.indicator, "feed", "") != feed:
            continue
        figure = getattr(one.indicator, "figure", Quality.ACCURACY)
        rest: defaultdict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for row in rows:
            if row.version not in VERSIONS:
                eligible, bad = counts_of(row, figure)
                rest[row.end][0] += eligible
                rest[row.end][1] += bad
        owns = [own for version in VERSIONS if (own := feeding.served(one, version)) is not None]
        for hour in range(-31, 4):
            at = NOON + hour * HOUR
            whole = feeding.totals(one, hour) if rows else (0.0, 0.0, 0)
            others = [counts for end, counts in rest.items() if end <= at]
            assert whole[0] == sum(o.at(at).eligible for o in owns) + sum(o[0] for o in others)
            assert whole[1] == sum(o.at(at).bad for o in owns) + sum(o[1] for o in others)


@settings(max_examples=30, deadline=None)
@given(acts)
def test_versions_and_what_is_of_none_are_the_objective_in_every_slice(
    story: list[Said | str],
) -> None:
    feeding = Feeding(World(MemoryRecord()))  # type: ignore[arg-type] # a Record is all it needs
    play(feeding, story)
    together(feeding, "ranker-labels")
    together(feeding, "ranker-answers")


def test_a_score_says_nothing_of_a_version_apart(feeding: Feeding) -> None:
    feeding.release("38", ago=3)
    feeding.push("ranker-auc", replace(score(0, 0.9), version="38"))
    feeding.poll()
    feeding.count()
    assert feeding.served(AUC, "38") is None


def test_a_push_that_a_version_contradicts_is_refused_whole(feeding: Feeding) -> None:
    """Its account lost rows that it had counted: then nothing of the push may be stored."""
    feeding.release("38", ago=3)
    feeding.push("ranker-labels", labels(0, "38", 90, 10))
    feeding.poll()
    feeding.count()
    name = f"{ACCURACY.id}@38"

    def lose(books):  # type: ignore[no-untyped-def] # Books
        account = books.ledger.accounts([name])[name]
        pieces = [Slice(NOON, -100, -10, 0)]
        books.ledger.restate(account.id, pieces, feeding.world.clock.now())

    feeding.world.record.write(lose)
    with pytest.raises(Contradicted, match="ranker/accuracy@38"):
        feeding.push("ranker-labels", labels(0, "38", 100, 0))
    assert feeding.totals() == (100, 10, HOUR)
