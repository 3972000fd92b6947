"""Which release burned it: told, counted, divided and shown, over the real stores."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.noted import Word
from bot.decide.people import Actor, Door
from bot.decide.release import NoteKind
from bot.errors import UserError
from bot.flow.attributing import attributed, releases_of
from bot.flow.gate.note import NoteRelease
from bot.flow.show.releases import PAGE, ShowReleases
from bot.flow.suspects import suspect_facts
from bot.judge.indicator import Op, Scored
from bot.judge.objective import Method
from tests.builders import DAY, objective, when
from tests.flow.conftest import World
from tests.flow.reading import read as posted
from tests.unit.rendered import read

ADA = Actor("UADA", "ada", Door.SLACK)
BEGAN, SHARE = NoteKind.BEGAN, NoteKind.SHARE


def told(world: World, version: str, kind: NoteKind = BEGAN, ago: int = 0, **more: object) -> None:
    at = when(int(world.clock.now().timestamp()) - ago)
    word = Word("ranker", version, kind, at, **more)  # type: ignore[arg-type] # fields of it
    NoteRelease(world.record, world.clock, world.catalog).run(word, ADA)


def show(world: World) -> ShowReleases:
    return ShowReleases(world.record, world.clock, world.catalog)


@pytest.fixture
def busy(world: World) -> World:
    """37 for long, then a quarter of an hour of 38, which breaks much, and 37 again."""
    world.history_of_calm(bad=0.02)
    told(world, "37", ago=20 * DAY)
    world.traffic("ranker/availability", 0.0, 30)
    told(world, "38")
    world.traffic("ranker/availability", 20.0, 15)
    told(world, "38", NoteKind.ROLLED_BACK)
    told(world, "37")
    world.traffic("ranker/availability", 0.0, 15)
    return world


def test_what_releases_burned_and_what_is_nobodys_is_what_was_consumed(busy: World) -> None:
    (one,) = [o for o in busy.objectives if o.service == "ranker"]

    def work(books):  # type: ignore[no-untyped-def]
        since, _ = one.window.bounds(busy.clock.now())
        return attributed(books, [one], releases_of(books, "ranker", since))

    (found,) = busy.record.read(work)
    burned = sum((charge.burn for charge in found.charges), Fraction(0))
    assert abs(burned + found.found.unattributed - found.found.consumed) < Fraction(1, 10**9)
    verdict = next(j.verdict for j in busy.answer().judged() if j.objective == one)
    assert verdict.remaining is not None
    assert abs(1 - verdict.remaining - found.found.consumed) < Fraction(1, 10**9)
    assert found.found.unattributed > 0  # ten days before anybody told


def test_the_release_that_spoiled_it_is_named_with_what_it_caused(busy: World) -> None:
    facts = show(busy).facts("ranker")
    rows = facts["rows"]
    assert [row["version"] for row in rows] == ["37", "38", "37"]
    bad = rows[1]
    assert (bad["bad"], bad["eligible"]) == (pytest.approx(300), 1_500.0)
    assert (bad["end"], bad["outcome"], bad["by"]) == ("rolled_back", "failed", "ada")
    assert bad["caused"]["low"] > 0
    assert bad["caused"]["control"] == "before/after"
    assert rows[0]["live"]
    assert not rows[1]["live"]
    assert (rows[0]["outcome"], rows[2]["outcome"]) == ("fine", "open")  # nothing was before it
    (rest,) = facts["unattributed"]
    assert rest["burn"] + sum(row["burn"] for row in rows) == pytest.approx(
        rest["consumed"], abs=1e-9
    )
    delivery = facts["delivery"]
    assert delivery["frequency"]["count"] == 3
    assert delivery["failures"]["value"] == 0.5
    assert delivery["restore"]["value"] == 15 * 60


def test_the_message_says_who_burned_what(busy: World) -> None:
    text = read(busy.renderer().message("releases", show(busy).facts("ranker")))
    assert "rolled back" in text
    assert "(300 of 1,500 bad), caused" in text
    assert "the version before it, when it may also be that the world changed" in text
    assert "*nobody's*" in text


def serve(world: World, bad: dict[str, float]) -> None:
    """A quarter of an hour of 100 events a minute for each objective, so many of them bad."""
    now = int(world.clock.now().timestamp())
    for one in world.objectives:
        wrong = bad.get(one.name, 0.0) if one.service == "ranker" else 0.0
        world.source.steady(one.id, now, now + 900, 100 / 60, wrong / 60)
    world.polls(15)


def test_a_line_of_nothing_is_left_out(world: World) -> None:
    world.history_of_calm(bad=0.05)
    told(world, "12", ago=300 * DAY)
    text = read(world.renderer().message("releases", show(world).facts("ranker")))
    assert "nobody's" not in text
    assert "burned 50" in text


def test_a_release_that_made_something_better_shows_that_as_well(world: World) -> None:
    quality = replace(objective(name="quality"), title="Right answers")
    drift = objective(
        name="drift", indicator=Scored("scores", Op.LTE, Fraction(1, 5), drift=True),
        method=Method.TIMESLICES,
    )  # fmt: skip
    world.objectives = (*world.objectives, quality, replace(drift, slice_target=Fraction(1)))
    world.open()
    world.history_of_calm(bad=0.02)
    told(world, "37", ago=20 * DAY)
    serve(world, {"availability": 1, "quality": 100, "drift": 0})
    told(world, "38")
    serve(world, {"availability": 9, "quality": 0, "drift": 100})
    row = show(world).facts("ranker")["rows"][0]
    assert (row["version"], row["title"], row["better"]["title"]) == (
        "38", "availability", "Right answers",
    )  # fmt: skip
    assert row["better"]["rate"] == 0.0 < row["better"]["rate0"]
    assert "drift" not in {one["objective"] for one in row["objectives"]}
    text = read(world.renderer().message("releases", show(world).facts("ranker")))
    assert "; better for “Right answers”: 0\u00a0% bad instead of 1.1\u00a0%†" in text


def test_a_release_after_a_short_outage_did_not_save_a_multiple_of_the_budget(busy: World) -> None:
    """Had the outage gone on for a month, it would have cost many budgets: that never was."""
    busy.traffic("ranker/availability", 0.0, 300)
    facts = show(busy).facts("ranker")
    newest = facts["rows"][0]
    assert newest["caused"]["high"] < -1, "against the version that was rolled back"
    assert newest["caused"]["rate"] == 0.0
    assert newest["caused"]["rate0"] == pytest.approx(0.2)
    text = read(busy.renderer().message("releases", facts))
    assert "(0 of 31,500 bad), better: 0\u00a0% bad instead of 20\u00a0%†" in text
    assert "saved" not in text


def test_a_canary_has_its_share_of_what_happened(world: World) -> None:
    world.history_of_calm()
    told(world, "37", ago=40 * DAY)
    told(world, "38", SHARE, share=Fraction(1, 10))
    world.traffic("ranker/availability", 10.0, 10)
    canary, old = show(world).facts("ranker")["rows"]
    assert (canary["version"], canary["share"], canary["live"]) == ("38", 0.1, True)
    assert (canary["bad"], canary["eligible"]) == (pytest.approx(10), pytest.approx(100))
    assert old["bad"] == pytest.approx(90)


def test_a_release_of_before_the_window_is_still_the_one_that_serves(world: World) -> None:
    world.history_of_calm(bad=0.05)
    told(world, "12", ago=300 * DAY)
    facts = show(world).facts("ranker")
    assert [row["version"] for row in facts["rows"]] == ["12"]
    assert facts["unattributed"][0]["burn"] == pytest.approx(0, abs=1e-9)


def test_all_services_are_listed_together_newest_first_a_page_at_a_time(busy: World) -> None:
    flow = NoteRelease(busy.record, busy.clock, busy.catalog)
    for number in range(PAGE):
        busy.clock.advance(60)
        flow.run(Word("recs", f"r{number}", BEGAN), ADA)
    first, second = show(busy).facts("all"), show(busy).facts("all", 2)
    assert (first["pages"], first["total"], first["page"]) == (2, PAGE + 3, 1)
    assert [row["version"] for row in first["rows"][:2]] == ["r7", "r6"]
    assert [row["service"] for row in second["rows"]] == ["ranker"] * 3
    assert second["rows"][1]["bad"] == pytest.approx(300)
    assert show(busy).facts("all", 99)["page"] == 2
    assert first["delivery"] is None


def test_a_word_that_is_no_scope_is_refused(busy: World) -> None:
    with pytest.raises(UserError):
        show(busy).facts("nothing")


def test_nothing_told_is_said_so_with_what_to_do(world: World) -> None:
    text = read(world.renderer().message("releases", show(world).facts("ranker")))
    assert "Nobody told of a release of service ranker" in text
    assert "`/budget released ranker 38`" in text


def test_pages_of_the_api_go_back_in_time(busy: World) -> None:
    rows = show(busy).listing("ranker", None, 2)
    assert [row["version"] for row in rows] == ["37", "38"]
    older = show(busy).listing("ranker", when(rows[-1]["began"]), 2)
    assert [row["version"] for row in older] == ["37"]


def spoiled(world: World, bad: float, minutes: int) -> None:
    """38 in the place of 37, with so many bad events a minute."""
    world.history_of_calm(bad=0.01)
    told(world, "37", ago=20 * DAY)
    world.traffic("ranker/availability", 0.0, 5)
    told(world, "38")
    world.traffic("ranker/availability", bad, minutes)


def test_a_warning_and_its_details_name_the_release_that_most_likely_burned_it(
    world: World,
) -> None:
    spoiled(world, 30.0, 10)
    world.deliver()
    (head,) = [p for p in world.messenger.posted if p.channel == "#search" and not p.thread]
    assert "Most likely it is *38*, live since" in posted(head)
    assert "where the version before it would have burned" in posted(head)
    episode = world.episode()
    assert episode is not None
    facts = world.answer().details(episode.id)
    assert (facts["suspect"]["version"], facts["suspect"]["sure"]) == ("38", True)
    view = str(world.renderer().view("details_modal", facts))
    assert "Most likely it is *38*" in view


def test_once_the_culprit_has_ended_the_budget_is_calm_only_if_it_burns_no_more(
    world: World,
) -> None:
    spoiled(world, 30.0, 10)
    told(world, "38", NoteKind.ROLLED_BACK)
    told(world, "37")
    opened = world.clock.now()

    def calm() -> bool:
        (one,) = (o for o in world.objectives if o.id == "ranker/availability")
        found = world.record.read(
            lambda books: suspect_facts(books, one, world.clock.now(), opened)
        )
        assert found is not None
        assert (found["version"], found["ended"] is not None) == ("38", True)
        return bool(found["calm"])

    assert not calm(), "nothing came in since"
    world.traffic("ranker/availability", 0.0, 40)
    assert calm()
    world.traffic("ranker/availability", 30.0, 40)
    assert not calm(), "the rollback did not help"


def test_a_release_that_was_rolled_back_stays_named_with_when_it_was(world: World) -> None:
    spoiled(world, 100.0, 45)
    told(world, "38", NoteKind.ROLLED_BACK)
    told(world, "37")
    back = int(world.clock.now().timestamp())
    world.traffic("ranker/availability", 0.0, 15)
    world.deliver()
    head = next(p for p in world.messenger.posted if p.key.startswith("episode:") and not p.thread)
    said = posted(head)
    assert "is gone*" in said
    assert "Most likely it was *38*, live since" in said
    assert f", rolled back <!date^{back}^" in said
    assert "37 serves now: no more than usual" in said
    episode = world.episode()
    assert episode is not None
    facts = world.answer().details(episode.id)
    assert (facts["suspect"]["version"], facts["suspect"]["ended"]) == ("38", back)
    view = str(world.renderer().view("details_modal", facts))
    assert "Most likely it was *38*" in view
    assert facts["asked"] == [1]
    assert "request 1 asks to stop them already" in view
    assert "/freeze ranker for 2h" not in view


def test_a_freeze_says_nothing_of_rolling_back_what_is_rolled_back_already(world: World) -> None:
    spoiled(world, 100.0, 45)
    (request,) = world.pending()
    told(world, "38", NoteKind.ROLLED_BACK)
    told(world, "37")
    world.traffic("ranker/availability", 0.0, 5)
    world.vote(request, "UADA")
    world.deliver()
    frozen = next(p for p in world.messenger.posted if p.key.startswith("freeze:"))
    asked = next(p for p in world.messenger.posted if p.key == f"request:{request.id}")
    for said in map(posted, (frozen, asked)):
        assert "*Next:* 38 is rolled back already: see that it burns no longer" in said
        assert "fix it or roll back" not in said


def test_a_release_that_ended_long_before_a_warning_is_not_named_in_it(world: World) -> None:
    spoiled(world, 3.0, 20)
    told(world, "38", NoteKind.ROLLED_BACK)
    told(world, "37")
    while world.episode():
        world.traffic("ranker/availability", 0.0, 30)
    world.traffic("ranker/availability", 0.0, 90)
    world.traffic("ranker/availability", 40.0, 5)
    episode = world.episode()
    assert episode is not None
    assert world.answer().details(episode.id)["suspect"]["version"] == "37"


def test_a_warning_without_a_journal_names_nobody(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", 30.0, 10)
    world.deliver()
    (head,) = [p for p in world.messenger.posted if p.channel == "#search" and not p.thread]
    assert "live since" not in posted(head)
