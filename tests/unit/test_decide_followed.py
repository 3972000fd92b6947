"""What an object of a cluster was let run, and what it is found to run although nobody asked."""

from dataclasses import replace

from bot.decide import followed
from bot.decide.followed import MOST, Step, Workload, key_of, marks, strangers
from bot.decide.workload import Runs, Sort
from tests.unit.gating import NOW, hours

PLACE = "prod/Deployment/search/ranker"
KEY = key_of(PLACE, "ranker")


def image(tag: int, place: str = "template/containers/app/image") -> Runs:
    return Runs(place, Sort.IMAGE, f"ranker:{tag}")


def step(old: int, new: int, generation: int = 1, uid: str = "u-1") -> Step:
    return Step(PLACE, uid, generation, (image(old),), (image(new),))


def follow(known: Workload | None, one: Step, *, goes: bool = True) -> Workload:
    return followed.follow(known, KEY, one, goes=goes, now=NOW)


def test_of_an_object_that_is_seen_for_the_first_time_nothing_is_said() -> None:
    assert strangers(None, step(38, 39)) == ()
    known = follow(None, step(38, 39))
    assert known == Workload(KEY, PLACE, "u-1", 1, marks([image(38), image(39)]), NOW)


def test_what_was_let_through_is_no_stranger_whether_it_came_about_or_not() -> None:
    known = follow(None, step(38, 39))
    assert strangers(known, step(38, 40, 2)) == ()
    assert strangers(known, step(39, 40, 2)) == ()


def test_what_was_stopped_and_runs_all_the_same_is_a_stranger() -> None:
    known = follow(None, step(38, 39), goes=False)
    assert strangers(known, step(39, 40, 2)) == (image(39),)


def test_what_nobody_asked_about_is_a_stranger_once() -> None:
    known = follow(None, step(38, 39))
    gone = step(40, 41, 3)
    assert strangers(known, gone) == (image(40),)
    known = follow(known, gone)
    assert strangers(known, gone) == ()
    assert strangers(known, step(41, 42, 4)) == ()


def test_what_runs_beside_it_unchanged_is_none() -> None:
    beside = image(1, "template/containers/proxy/image")
    known = follow(None, step(38, 39))
    known = replace(known, runs=known.runs | marks([beside]))
    both = replace(step(40, 41, 2), old=(image(40), beside))
    assert strangers(known, both) == (image(40),)


def test_an_earlier_release_that_comes_back_without_asking_is_a_stranger() -> None:
    known = follow(follow(None, step(38, 39)), step(39, 40, 2))
    assert strangers(known, step(38, 41, 3)) == (image(38),)


def test_a_review_of_the_object_as_it_stood_before_says_nothing_and_forgets_nothing() -> None:
    known = follow(follow(None, step(38, 39)), step(39, 40, 2))
    late = step(38, 41)
    assert strangers(known, late) == ()
    after = follow(known, late)
    assert (after.generation, after.runs) == (2, marks([image(39), image(40), image(41)]))
    assert strangers(known, step(38, 41, 1, uid="u-2")) == (image(38),)


def test_several_attempts_at_one_object_are_all_kept() -> None:
    known = follow(follow(None, step(38, 39)), step(38, 40))
    assert strangers(known, step(39, 41, 2)) == ()
    assert strangers(known, step(40, 41, 2)) == ()


def test_the_same_generation_with_another_release_is_looked_at_anew() -> None:
    known = follow(None, step(38, 39))
    other = step(37, 39)
    assert strangers(known, other) == (image(37),)
    assert strangers(follow(known, other), other) == ()


def test_a_new_object_is_remembered_as_far_as_it_was_let_through() -> None:
    made = Step(PLACE, "", 0, (), (image(38),))
    assert follow(None, made, goes=False).runs == frozenset()
    known = follow(None, made)
    assert strangers(known, step(38, 39)) == ()
    assert strangers(known, step(37, 39)) == (image(37),)
    again = replace(made, new=(image(40),))
    assert follow(follow(None, step(38, 39)), again).uid == "u-1"


def test_of_an_object_that_runs_too_much_nothing_is_known() -> None:
    many = tuple(image(1, str(place)) for place in range(MOST + 1))
    known = follow(None, replace(step(38, 39), new=many))
    assert known.runs == frozenset()
    assert strangers(known, step(40, 41, 2)) == ()


def test_when_it_was_heard_of_last_is_kept() -> None:
    known = follow(None, step(38, 39))
    later = NOW + hours(1)
    assert followed.follow(known, KEY, step(38, 39), goes=True, now=later).at == later


def test_an_object_is_another_one_for_each_service_and_place() -> None:
    assert len({KEY, key_of(PLACE, "recs"), key_of("prod/Deployment/ads/ranker", "ranker")}) == 3
