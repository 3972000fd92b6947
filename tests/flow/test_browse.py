"""Pages of the history, by scope, kind, person and time."""

import pytest

from bot.decide.catalog import Catalog, Team
from bot.decide.decision import Event
from bot.decide.people import BURNBAN, Actor, Door, Group
from bot.decide.service import Service
from bot.errors import UserError
from bot.flow.show.browse import Browse, Question
from bot.notify.render import TemplateRenderer
from bot.ports import Record
from tests.builders import actor
from tests.flow.conftest import TEMPLATES
from tests.flow.vouching import fill, filled
from tests.record_samples import decision, later

pytest_plugins = ["tests.record_stores"]

CATALOG = Catalog(
    services={
        "ranker": Service("ranker", "", "search", environment="prod", model="gbdt"),
        "ranker-test": Service("ranker-test", "", "search", environment="test", model="gbdt"),
        "fraud": Service("fraud", "", "risk", environment="prod"),
    },
    teams={name: Team(name, "", "", Group(), Group()) for name in ("search", "risk", "idle")},
)
MIRA = Actor("U0MIRA", "mira", Door.SLACK, "email:mira@example.org github:mi-ra")
MIRA_AT_HOME = Actor("terminal:mira", "mira", Door.TERMINAL)


def browse(record: Record) -> Browse:
    return Browse(record, lambda: CATALOG)


def seqs(record: Record, **asked: object) -> list[int]:
    page = browse(record).page(Question(**asked), limit=100)  # type: ignore[arg-type] # as asked
    return [row["seq"] for row in page["rows"]]


def test_a_page_has_neighbours_on_both_sides_and_the_ends_have_one(record: Record) -> None:
    filled(record, 7)
    flow = browse(record)
    newest = flow.page(Question(), limit=3)
    assert [row["seq"] for row in newest["rows"]] == [7, 6, 5]
    assert (newest["next_before"], newest["previous_after"]) == (5, None)
    middle = flow.page(Question(before=5), limit=3)
    assert [row["seq"] for row in middle["rows"]] == [4, 3, 2]
    assert (middle["next_before"], middle["previous_after"]) == (2, 4)
    oldest = flow.page(Question(before=2), limit=3)
    assert [row["seq"] for row in oldest["rows"]] == [1]
    assert (oldest["next_before"], oldest["previous_after"]) == (None, 1)
    back = flow.page(Question(after=1), limit=3)
    assert [row["seq"] for row in back["rows"]] == [4, 3, 2]
    assert (back["next_before"], back["previous_after"]) == (2, 4)
    top = flow.page(Question(after=4), limit=3)
    assert [row["seq"] for row in top["rows"]] == [7, 6, 5]
    assert (top["next_before"], top["previous_after"]) == (5, None)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("all", [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ("ALL", [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ("ranker", [9, 7, 5, 2, 1]),
        ("fraud", [9, 5, 3, 1]),
        ("search", [9, 7, 6, 5, 2, 1]),
        ("team:risk", [9, 5, 3, 1]),
        ("idle", [1]),
        ("model:gbdt", [9, 7, 6, 5, 2, 1]),
        ("env:test", [7, 6, 2, 1]),
        ("old-ranker", [8, 4]),
        ("service:old-ranker", [8, 4]),
    ],
)
def test_a_word_finds_what_reaches_it_and_what_lies_inside(
    record: Record, word: str, found: list[int]
) -> None:
    outage = {"services": ["ranker", "fraud"]}
    fill(
        record,
        decision(scope="all"),
        decision(scope="team:search"),
        decision(scope="service:fraud"),
        decision(scope="service:old-ranker"),
        decision(scope="environment:prod"),
        decision(scope="service:ranker-test"),
        decision(scope="model:gbdt"),
        decision(Event.OUTAGE_BEGAN, "source:old", evidence={"services": ["old-ranker"]}),
        decision(Event.OUTAGE_BEGAN, "source:prom", evidence=outage),
    )
    assert seqs(record, word=word) == found


def test_a_word_that_neither_specs_nor_history_know_is_answered(record: Record) -> None:
    filled(record, 1)
    with pytest.raises(UserError, match="rankr"):
        seqs(record, word="rankr")


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("mira", [4, 2, 1]),
        ("@Mira", [4, 2, 1]),
        ("U0MIRA", [4, 1]),
        ("u0mira", [4, 1]),
        ("terminal:mira", [2]),
        ("mira@example.org", [4, 1]),
        ("mi-ra", [4, 1]),
        ("github:mi-ra", [4, 1]),
        ("Burnban", [3]),
    ],
)
def test_a_person_is_found_by_every_name_they_have(
    record: Record, by: str, found: list[int]
) -> None:
    former = Actor(MIRA.id, "m.", Door.SLACK)
    fill(record, *(decision(by=who) for who in (former, MIRA_AT_HOME, BURNBAN, MIRA)))
    assert seqs(record, by=by) == found


def test_a_person_whom_nobody_knows_is_answered_with_the_nearest(record: Record) -> None:
    fill(record, decision(by=MIRA))
    with pytest.raises(UserError) as caught:
        seqs(record, by="mirra")
    assert "Nobody called `mirra` is on record. Did you mean `mira`" in caught.value.sentence
    assert caught.value.example == "/budget history by mira"
    with pytest.raises(UserError, match=r"Nobody called `xyz` is on record\.$"):
        seqs(record, by="xyz")


def test_kinds_people_and_times_narrow_together(record: Record) -> None:
    fill(
        record,
        *(
            decision(event, at=60 * n, by=actor(who))
            for n, (event, who) in enumerate(
                (event, who)
                for event in (Event.FROZEN, Event.LIFTED, Event.VOTE_CAST)
                for who in ("ada", "ben")
            )
        ),
    )
    assert seqs(record, kinds=(Event.FROZEN, Event.LIFTED)) == [4, 3, 2, 1]
    assert seqs(record, kinds=(Event.FROZEN, Event.LIFTED), by="ben") == [4, 2]
    assert seqs(record, by="ben", since=later(61)) == [6, 4]
    assert seqs(record, since=later(60), until=later(180)) == [3, 2]


def test_what_is_shown_is_said_and_the_buttons_ask_for_its_neighbours(record: Record) -> None:
    fill(record, *(decision(by=MIRA, at=n) for n in range(5)))
    asked = Question("ranker", (Event.FROZEN,), "mira", later(0), later(99), before=4)
    facts = browse(record).page(asked, limit=2)
    assert facts["narrowed"] == (
        "about ranker, of the kind frozen, by mira, since Mon 2 Mar 2026, 12:00 UTC, "
        "before Mon 2 Mar 2026, 12:01 UTC"
    )
    (buttons,) = [
        block["elements"]
        for block in TemplateRenderer([TEMPLATES]).message("history", facts).blocks
        if block["type"] == "actions"
    ]
    part = "ranker kind frozen by mira since 2026-03-02T12:00:00Z until 2026-03-02T12:01:39Z"
    assert [button["value"] for button in buttons] == [f"{part} after 3", f"{part} before 2"]


def test_a_row_says_who_that_is_beyond_the_door(record: Record) -> None:
    fill(record, decision(by=MIRA), decision(scope="planet:mars"))
    newer, older = browse(record).page(Question())["rows"]
    assert (older["who"], older["identity"]) == (MIRA.id, MIRA.identity)
    assert newer["scope"] == "planet:mars", "a scope of a later version is shown as it is"


def test_a_row_about_one_objective_names_it_and_gives_its_figures_at_that_time(
    record: Record,
) -> None:
    known = {"eligible": 3_600.0, "bad": 12.0, "remaining": 0.95961, "projected": None}
    rows = [
        decision(Event.VERDICT_CHANGED, objective="ranker/latency", evidence=known),
        decision(Event.VERDICT_CHANGED, objective="ranker/latency", evidence={"eligible": None}),
        decision(Event.VERDICT_CHANGED, objective="other/x", evidence={**known, "projected": -0.5}),
        decision(Event.FROZEN),
    ]
    for row in rows:
        record.write(lambda books, row=row: books.history.append(row))  # type: ignore[misc] # bound
    found = browse(record).page(Question())["rows"][::-1]
    assert [(row["about"], row["grounds"]) for row in found] == [
        ("service ranker, latency", "96.0 % of the budget left, 12 of 3,600 events bad"),
        ("service ranker, latency", ""),
        (
            "service ranker, other/x",
            "the budget overspent by ~50.0 %, 12 of 3,600 events bad; "
            "~ projected to a whole window",
        ),
        ("service ranker", ""),
    ]
