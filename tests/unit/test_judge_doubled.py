"""Which rows would count events a second time."""

from hypothesis import given
from hypothesis import strategies as st

from bot.judge.doubled import doubled
from bot.judge.observation import Observation


def row(start: int, end: int, version: str = "38") -> Observation:
    return Observation(start, end, version, eligible=10, bad=1)


def found(known: list[Observation], rows: list[Observation]) -> list[tuple[int, Observation]]:
    return list(doubled(known, list(enumerate(rows))))


def test_stretches_that_only_touch_do_not_overlap() -> None:
    assert found([row(60, 120)], [row(0, 60), row(120, 180)]) == []


def test_an_overlap_names_what_was_there() -> None:
    known = [row(0, 60), row(60, 120)]
    assert found(known, [row(30, 90), row(100, 200)]) == [(0, known[1]), (1, known[1])]


def test_the_same_stretch_again_is_a_newer_word() -> None:
    assert found([row(0, 60)], [row(0, 60), row(60, 120), row(60, 120)]) == []


def test_of_two_in_a_batch_the_first_is_there() -> None:
    assert found([], [row(0, 60), row(30, 60)]) == [(1, row(0, 60))]


def test_each_version_has_its_own_time() -> None:
    assert found([row(0, 60, "37")], [row(0, 90), row(0, 60, "")]) == []


def test_scores_are_in_nobodys_way() -> None:
    score = Observation(0, 60, "38", value=0.9, n=10)
    assert found([score], [row(0, 90)]) == []
    assert found([row(0, 60)], [Observation(0, 90, "38", value=0.9, n=10)]) == []


def test_what_overlapped_before_this_was_looked_at_may_still_be_restated() -> None:
    known = [row(0, 60), row(0, 120)]
    assert found(known, [row(0, 120), row(0, 60)]) == []


stretches = st.tuples(st.integers(0, 20), st.integers(1, 6)).map(lambda it: row(it[0], sum(it)))


@given(st.lists(stretches, max_size=8))
def test_what_is_taken_never_overlaps_and_what_is_not_does(rows: list[Observation]) -> None:
    refused = dict(found([], rows))
    taken = {one.key: one for index, one in enumerate(rows) if index not in refused}
    seconds = [at for one in taken.values() for at in range(one.start, one.end)]
    assert len(seconds) == len(set(seconds))
    for index, other in refused.items():
        assert other.start < rows[index].end
        assert rows[index].start < other.end
        assert other.key in taken
