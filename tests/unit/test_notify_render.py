"""What the messages say, and that Slack takes them."""

import re

import pytest

from bot.notify.filters import FILTERS
from bot.playground.rules.surfaces import check_message as slack_takes
from bot.playground.rules.surfaces import check_view as slack_takes_view
from tests.unit.message_samples import MESSAGES, VIEWS, Facts
from tests.unit.rendered import (
    CASES,
    IDS,
    RENDERER,
    TEMPLATES,
    VIEW_CASES,
    VIEW_IDS,
    actions,
    read,
    texts,
)


def test_every_template_of_ours_can_be_read() -> None:
    assert RENDERER.faults() == []


def test_every_template_of_ours_has_a_sample() -> None:
    found = {path.parent.name for path in TEMPLATES.glob("*/*.yaml")}
    assert found == set(MESSAGES) | set(VIEWS)


def test_the_manual_names_every_template_every_filter_and_every_button() -> None:
    manual = (TEMPLATES.parent / "docs" / "templates.md").read_text(encoding="utf-8")
    shown = [RENDERER.message(name, facts) for name, facts in CASES]
    buttons = {action for message in shown for action in actions(message)}
    assert len(buttons) > 5
    for name in (*MESSAGES, *VIEWS, *FILTERS, *buttons):
        assert f"`{name}" in manual, name


@pytest.mark.parametrize(("name", "facts"), CASES, ids=IDS)
def test_slack_takes_every_message(name: str, facts: Facts) -> None:
    message = RENDERER.message(name, facts)
    slack_takes(message.text, list(message.blocks))
    assert message.blocks


@pytest.mark.parametrize(("name", "facts"), VIEW_CASES, ids=VIEW_IDS)
def test_slack_takes_every_view(name: str, facts: Facts) -> None:
    slack_takes_view(dict(RENDERER.view(name, facts)), "modal")


@pytest.mark.parametrize(("name", "facts"), CASES, ids=IDS)
def test_no_message_leaks_the_inside_of_the_program(name: str, facts: Facts) -> None:
    text = read(RENDERER.message(name, facts))
    assert not re.search(r"\b(None|True|False|nan|inf|Undefined)\b|\{[{%]|&#", text)


@pytest.mark.parametrize(("name", "facts"), CASES, ids=IDS)
def test_no_message_has_untidy_gaps(name: str, facts: Facts) -> None:
    for text in texts(RENDERER.message(name, facts).blocks):
        assert "\n\n\n" not in text
        plain = text.replace("```", "").replace(" : 1", "")  # odds are written so
        assert not re.search(r" [.,;:](\s|$)|\(\s|\s\)", plain)


OTHERS = ("answer", "help", "ops_notice", "anchor", "history_broken")
NEWS = [c for c in zip(IDS, CASES, strict=True) if c[1][0] not in OTHERS]


@pytest.mark.parametrize(("name", "facts"), [c for _, c in NEWS], ids=[i for i, _ in NEWS])
def test_every_piece_of_news_speaks_of_its_subject_in_the_notification(
    name: str, facts: Facts
) -> None:
    said = RENDERER.message(name, facts).text
    subject = facts.get("service") or facts.get("scope") or facts["filter"]
    assert subject == "all" or str(subject) in said


TOLD = (
    "burn_warning",
    "burn_rose",
    "summary",
    "summary_rose",
    "threshold_passed",
    "frozen",
    "lifted",
    "thawed",
    "blind",
)


@pytest.mark.parametrize(
    ("name", "facts"), [(n, f) for n in TOLD for f in MESSAGES[n]]
)  # fmt: skip
def test_a_warning_says_what_it_means_for_releases_and_what_to_do_next(
    name: str, facts: Facts
) -> None:
    text = read(RENDERER.message(name, facts))
    assert "eleases" in text
    assert "*Next:*" in text


def test_a_warning_offers_details_acknowledgement_and_a_freeze() -> None:
    facts = MESSAGES["burn_warning"][0]
    found = actions(RENDERER.message("burn_warning", facts))
    assert found["details"]["value"] == found["acknowledge"]["value"] == "12"
    assert found["ask_freeze"]["value"] == "ranker"


def test_an_acknowledged_warning_says_by_whom_instead_of_asking() -> None:
    message = RENDERER.message(
        "burn_warning", {**MESSAGES["burn_warning"][0], "acknowledged_by": "U0JONAS"}
    )
    assert "acknowledge" not in actions(message)
    assert "acknowledged by <@U0JONAS>" in read(message)


def test_an_anchor_bears_its_line_unchanged_and_says_whether_it_is_signed() -> None:
    for facts in MESSAGES["anchor"]:
        said = read(RENDERER.message("anchor", facts))
        assert facts["line"] in said
        assert ("not signed" in said) is not facts["signed"]


def test_a_broken_history_says_where_and_what_to_do_first() -> None:
    said = read(RENDERER.message("history_broken", MESSAGES["history_broken"][0]))
    assert "decision 3170" in said
    assert "the 3,169 decisions before no. 3170 are as they were stored" in said
    assert "*Next:* copy the database" in said


def test_the_pages_of_the_history_lead_to_their_neighbours() -> None:
    facts = MESSAGES["history"][0]
    found = actions(RENDERER.message("history", facts))
    assert found["history"]["value"] == f"{facts['query']} before 36"
    assert found["history_back"]["value"] == f"{facts['query']} after 41"
    alone = {**facts, "next_before": None, "previous_after": None}
    assert actions(RENDERER.message("history", alone)) == {}


def test_a_freeze_that_thaws_by_itself_says_when() -> None:
    own, by_people = MESSAGES["frozen"][1], {**MESSAGES["frozen"][1], "thaw": ""}
    said = f"until {own['thaw']}, or somebody lifts the freeze"
    for part in (RENDERER.message("frozen", own).text, read(RENDERER.message("frozen", own))):
        assert said in part
    assert "until somebody lifts the freeze" in read(RENDERER.message("frozen", by_people))


def test_a_frozen_service_offers_no_second_freeze() -> None:
    message = RENDERER.message("burn_warning", {**MESSAGES["burn_warning"][0], "frozen": True})
    found = actions(message)
    assert set(found) == {"details", "acknowledge", "ask_override"}
    assert found["ask_override"]["value"] == "ranker"


def test_what_tells_of_a_freeze_offers_to_ask_for_an_override() -> None:
    for name in ("frozen", "freeze_begun", "freeze_edited", "freeze_reminder"):
        for facts in MESSAGES[name]:
            found = actions(RENDERER.message(name, facts))
            if any(facts.get(one) for one in ("monitored", "again", "over")):
                assert found == {}
                continue
            (button,) = found.values()
            one = facts["services"][0] if len(facts["services"]) == 1 else ""
            assert (button["action_id"], button["value"]) == ("ask_override", one)
    assert "ask_override" in actions(RENDERER.message("show", MESSAGES["show"][0]))
    for facts in MESSAGES["freezes"]:
        offered = "ask_override" in actions(RENDERER.message("freezes", facts))
        assert offered is bool(facts["stopped"])


def test_only_a_pending_override_can_be_voted_on() -> None:
    for facts in MESSAGES["override"]:
        found = set(actions(RENDERER.message("override", facts)))
        assert found == ({"approve", "deny", "more"} if facts["state"] == "pending" else set())


def test_an_override_tells_both_its_clocks() -> None:
    pending, granted = MESSAGES["override"][0], MESSAGES["override"][2]
    said = read(RENDERER.message("override", pending))
    assert f"<!date^{pending['expires']}^" in said
    assert "once, within 4\xa0h" in said
    assert f"once, until <!date^{granted['use_by']}^" in read(RENDERER.message("override", granted))


def test_a_summary_offers_details_of_the_worst_and_one_click_for_all() -> None:
    facts = MESSAGES["summary"][0]
    message = RENDERER.message("summary", facts)
    beside = [block["accessory"] for block in message.blocks if "accessory" in block]
    assert {button["action_id"] for button in beside} == {"details"}
    assert [button["value"] for button in beside] == [str(w["episode"]) for w in facts["worst"]]
    found = actions(message)
    assert found["acknowledge"]["value"] == str(facts["summary"])
    assert found["ask_freeze"]["value"] == "team:search"


def test_a_summary_that_reaches_several_teams_offers_no_freeze_of_everything() -> None:
    facts = {**MESSAGES["summary"][0], "scope": "all"}
    assert set(actions(RENDERER.message("summary", facts))) == {"acknowledge"}


def test_a_resolved_summary_has_no_buttons() -> None:
    over = next(f for f in MESSAGES["summary"] if f["state"] == "resolved")
    message = RENDERER.message("summary", over)
    assert actions(message) == {}
    assert not any("accessory" in block for block in message.blocks)


def test_a_resolved_warning_has_no_buttons() -> None:
    facts = next(f for f in MESSAGES["burn_warning"] if f["state"] == "resolved")
    assert actions(RENDERER.message("burn_warning", facts)) == {}


def test_only_a_pending_request_can_be_voted_on() -> None:
    for facts in MESSAGES["request"]:
        found = actions(RENDERER.message("request", facts))
        wanted = {"approve", "deny", "more"} if facts["state"] == "pending" else set()
        assert set(found) == wanted
        number = str(facts["request"])
        assert all(found[name]["value"] == number for name in wanted - {"more"})
        more = [option["value"] for option in found.get("more", {}).get("options", ())]
        cancel = [f"cancel|{number}"] if facts["origin"] != "policy" else []
        told = [f"{verb}|{number}" for verb in ("approve", "deny", "withdraw")]
        assert more == ([*told, *cancel] if wanted else [])


@pytest.mark.parametrize("state", ["pending", "approved", "denied", "expired", "superseded"])
def test_a_request_shows_its_evidence_whatever_became_of_it(state: str) -> None:
    facts = {**MESSAGES["request"][0], "state": state}
    said = read(RENDERER.message("request", facts))
    assert " 62\xa0% of the budget is left; over 1\xa0h it burned 18.2 times" in said
    assert "*Evidence:* as of <!date^" in said
    bare = RENDERER.message("request", {**facts, "evidence": None})
    assert "*Evidence:*" not in read(bare)


def test_a_pending_request_mentions_its_deciders_and_a_decided_one_nobody() -> None:
    for facts in (f for f in MESSAGES["request"] if f["ask"]):
        said = read(RENDERER.message("request", {**facts, "approvals": [], "denials": []}))
        called = "<!subteam^S0ONCALL> and <@U0AYLIN>, please decide" in said
        assert called is (facts["state"] == "pending")


def test_who_asks_for_nobody_in_particular_asks_an_approver() -> None:
    said = read(RENDERER.message("request", {**MESSAGES["request"][0], "ask": []}))
    assert "an approver decides by" in said


def test_what_reaches_every_service_is_asked_twice() -> None:
    facts = MESSAGES["request"][0]
    narrow = actions(RENDERER.message("request", facts))
    wide = actions(RENDERER.message("request", {**facts, "scope": "everything"}))
    assert all("confirm" not in element for element in narrow.values())
    assert all("confirm" in wide[name] for name in ("approve", "deny"))


def test_a_decided_request_says_who_decided() -> None:
    for facts in MESSAGES["request"]:
        if facts["state"] in ("approved", "denied"):
            assert "by <@U0JONAS>" in read(RENDERER.message("request", facts))


def test_the_pages_of_the_status_lead_to_their_neighbours() -> None:
    facts = {**MESSAGES["status"][1], "filter": "search", "page": 2, "pages": 20}
    found = actions(RENDERER.message("status", facts))
    assert (found["page_back"]["value"], found["page"]["value"]) == ("search|1", "search|3")
    first = actions(RENDERER.message("status", {**facts, "page": 1}))
    assert "page_back" not in first
    last = actions(RENDERER.message("status", {**facts, "page": 20}))
    assert "page" not in last


def test_the_lines_of_the_status_table_are_equally_wide() -> None:
    message = RENDERER.message("status", MESSAGES["status"][1])
    tables = [text for text in texts(message.blocks) if text.startswith("```")]
    rows = [line for text in tables for line in text.strip("`\n").splitlines()]
    assert len(rows) == 16
    verdict = re.compile("exhausted|burning|unknown|healthy|verdict")
    assert len({found.start() for row in rows if (found := verdict.search(row))}) == 1


def test_the_form_comes_back_as_the_doors_expect_it() -> None:
    view = RENDERER.view("freeze_modal", VIEWS["freeze_modal"][0])
    assert view["callback_id"] == "freeze"
    asked = {block["block_id"]: block["element"] for block in view["blocks"][1:]}
    assert set(asked) == {"scope", "until", "reason"}
    groups = asked["scope"]["option_groups"]
    values = [option["value"] for group in groups for option in group["options"]]
    assert values == ["service:ranker", "service:search", "team:search", "all"]
    assert asked["scope"]["initial_option"]["value"] == "service:ranker"


def test_a_freeze_to_lift_is_chosen_by_its_number() -> None:
    view = RENDERER.view("unfreeze_modal", VIEWS["unfreeze_modal"][0])
    assert view["callback_id"] == "unfreeze"
    asked = {block["block_id"]: block["element"] for block in view["blocks"][1:]}
    (group,) = asked["freeze"]["option_groups"]
    assert [option["value"] for option in group["options"]] == ["4", "5"]


def test_where_nothing_is_frozen_nothing_can_be_submitted() -> None:
    assert "submit" not in RENDERER.view("unfreeze_modal", VIEWS["unfreeze_modal"][1])
