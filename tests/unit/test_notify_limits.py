"""What Slack would refuse is found before it is sent; what is too long is made to fit."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.notify import sizes
from bot.notify.fit import fit_blocks, fit_text, fit_view
from bot.notify.limits import LimitError, check_message, check_view

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def section(text: str = "a", **more: Any) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more: Any) -> Block:
    return {"type": "button", "text": plain("a"), "action_id": "a", **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def menu(count: int, **more: Any) -> Block:
    options = [{"text": plain(f"o{n}"), "value": f"v{n}"} for n in range(count)]
    return {"type": "static_select", "action_id": "m", "options": options, **more}


def asked(**more: Any) -> Block:
    element = {"type": "plain_text_input", "action_id": "r"}
    return {"type": "input", "block_id": "r", "label": plain("Why?"), "element": element, **more}


def modal(*blocks: Block, **more: Any) -> Block:
    return {"type": "modal", "title": plain("a"), "blocks": list(blocks) or [section()], **more}


FINE: list[Block] = [
    section("a" * 3_000),
    section(fields=[{"type": "mrkdwn", "text": "a" * 500}] * 4),
    {"type": "header", "text": plain("a" * 150)},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "a"}] * 10},
    actions(*(button(action_id=f"a{n}", value="v" * 2_000) for n in range(25))),
    actions(menu(100)),
    {"type": "divider"},
]


def test_a_message_at_every_limit_passes() -> None:
    check_message("a" * 3_000, FINE)


WRONG: list[tuple[str, list[Block]]] = [
    ("51 of them, 50 at most", [{"type": "divider"}] * 51),
    ("3001 characters", [section("a" * 3_001)]),
    ("2001 characters", [section(fields=[{"type": "mrkdwn", "text": "a" * 2_001}])]),
    ("11 entries", [section(fields=[{"type": "mrkdwn", "text": "a"}] * 11)]),
    ("0 entries", [{"type": "context", "elements": []}]),
    ("151 characters", [{"type": "header", "text": plain("a" * 151)}]),
    ("76 characters", [actions(button(text=plain("a" * 76)))]),
    ("2001 characters", [actions(button(value="v" * 2_001))]),
    ("26 entries", [actions(*(button(action_id=f"a{n}") for n in range(26)))]),
    ("action_id is given twice", [actions(button(), button())]),
    ("block_id 'b' is given twice", [section(block_id="b"), section(block_id="b")]),
    ("101 entries", [actions(menu(101))]),
    ("151 characters", [actions(menu(1, placeholder=plain("a" * 151)))]),
    ("an empty text", [section(" ")]),
    ("text or fields is missing", [{"type": "section"}]),
    ("text is missing", [actions({"type": "button", "action_id": "a"})]),
    ("12001 characters in all", [*[section("a" * 3_000)] * 4, section("b")]),
    ("known are", [{"type": "carousel"}]),
    ("31 characters", [actions(button(confirm={
        "title": plain("a"), "text": plain("b"), "confirm": plain("c" * 31), "deny": plain("d"),
    }))]),
    ("deny is missing", [actions(button(confirm={
        "title": plain("a"), "text": plain("b"), "confirm": plain("c"),
    }))]),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "blocks"), WRONG, ids=[fault for fault, _ in WRONG])
def test_what_slack_would_refuse_is_named(fault: str, blocks: list[Block]) -> None:
    with pytest.raises(LimitError, match=fault):
        check_message("a", blocks)


@pytest.mark.parametrize("text", ["", "  ", "a" * 3_001])
def test_a_message_needs_a_text_of_its_own(text: str) -> None:
    with pytest.raises(LimitError, match="text"):
        check_message(text, [section()])


def test_wide_characters_count_twice() -> None:
    with pytest.raises(LimitError, match="3002 characters"):
        check_message("a", [section("🟠" * 1_501)])


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(LimitError) as wrong:
        check_message("", [section(" "), {"type": "header"}])
    assert len(str(wrong.value).splitlines()) >= 3


def test_a_view_with_inputs_and_a_submit_passes() -> None:
    check_view(modal(asked(), submit=plain("Ask"), callback_id="c" * 255))


@pytest.mark.parametrize(
    ("fault", "view"),
    [
        ("submit", modal(asked())),
        ("title", {"type": "modal", "blocks": [section()]}),
        ("25 characters", modal(title=plain("a" * 25))),
        ("101 of them", modal(*[{"type": "divider"}] * 101)),
        ("256 characters", modal(callback_id="c" * 256)),
        ("3001 characters", modal(private_metadata="p" * 3_001)),
        ("neither modal nor home", {"type": "page", "blocks": []}),
        ("bytes", modal(*[section("a" * 3_000)] * 99)),
        ("blocks", {"type": "modal", "title": plain("a"), "blocks": []}),
    ],
)
def test_a_view_that_slack_would_refuse_is_named(fault: str, view: Block) -> None:
    with pytest.raises(LimitError, match=fault):
        check_view(view)


# --- fitting ---------------------------------------------------------------------------------


def test_what_fits_stays_as_it_is_but_links_nothing_by_itself() -> None:
    (fitted,) = fit_blocks([section("a")], 50)
    assert fitted == {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "a", "verbatim": True},
    }


def test_a_long_text_is_cut_at_its_place() -> None:
    blocks = [section("a" * 4_000), {"type": "header", "text": plain("b" * 200)}]
    first, second = fit_blocks(blocks, 50)
    assert first["text"]["text"] == "a" * 2_999 + "…"
    assert second["text"]["text"] == "b" * 149 + "…"


def test_empty_parts_vanish_with_what_they_leave_empty() -> None:
    blocks = [
        section(" "),
        section(fields=[{"type": "mrkdwn", "text": ""}, {"type": "mrkdwn", "text": "b"}]),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": ""}]},
        actions(menu(0)),
    ]
    (left,) = fit_blocks(blocks, 50)
    assert len(left["fields"]) == 1


def test_a_value_that_is_too_long_takes_its_part_along() -> None:
    blocks = [actions(button(value="v" * 2_001), button(action_id="b"))]
    (left,) = fit_blocks(blocks, 50)
    assert [element["action_id"] for element in left["elements"]] == ["b"]


def test_too_many_blocks_end_with_a_word_about_the_rest() -> None:
    fitted = fit_blocks([section(str(n)) for n in range(80)], 50)
    assert len(fitted) == 50
    assert "31 more" in fitted[-1]["elements"][0]["text"]


def test_a_choice_that_is_not_offered_is_not_made() -> None:
    stray = {"text": plain("x"), "value": "x"}
    (left,) = fit_blocks([actions(menu(2, initial_option=stray))], 50)
    assert "initial_option" not in left["elements"][0]
    offered = menu(1)["options"][0]
    (left,) = fit_blocks([actions(menu(2, initial_option=offered))], 50)
    assert left["elements"][0]["initial_option"] == offered


def test_a_message_that_is_too_long_as_a_whole_keeps_its_head_and_its_buttons() -> None:
    blocks = [section(f"{n} " + "a" * 2_900) for n in range(49)]
    fitted = fit_blocks([*blocks, actions(button())], 50)
    assert sizes.text_size(fitted) <= sizes.WHOLE
    assert fitted[0]["text"]["text"].startswith("0 a")
    assert fitted[-1]["type"] == "actions"


def test_what_falls_out_of_the_middle_of_a_message_is_counted_there() -> None:
    field = {"type": "mrkdwn", "text": "a" * 200}
    blocks = [{"type": "section", "fields": [field] * 10} for _ in range(48)]
    fitted = fit_blocks([section("head"), *blocks, actions(button())], 50)
    assert sizes.text_size(fitted) <= sizes.WHOLE
    assert fitted[0]["text"]["text"] == "head"
    assert fitted[-1]["type"] == "actions"
    (place,) = [n for n, block in enumerate(fitted) if block["type"] == "context"]
    assert 1 < place < len(fitted) - 2
    said = fitted[place]["elements"][0]["text"]
    assert said == f"… and {50 - (len(fitted) - 1)} more that do not fit into one message."


def test_the_text_of_a_message_is_one_line() -> None:
    assert fit_text("a\n  b\n") == "a b"
    assert len(fit_text("a" * 4_000)) == sizes.TEXT


TEXT = st.text(max_size=4_000)
ODD: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
BLOCK: st.SearchStrategy[Block] = st.one_of(
    st.builds(section, TEXT),
    st.builds(lambda texts: section(fields=[plain(t) for t in texts]), st.lists(TEXT, max_size=14)),
    st.builds(lambda text, value: actions(button(text=plain(text), value=value)), TEXT, TEXT),
    st.builds(lambda count: actions(menu(count)), st.integers(0, 150)),
    st.builds(lambda text: {"type": "header", "text": plain(text)}, TEXT),
)


@given(st.lists(BLOCK, max_size=70))
def test_whatever_was_fitted_passes_the_check(blocks: list[Block]) -> None:
    check_message("a", fit_blocks(blocks, 50))


@given(TEXT, st.lists(BLOCK, min_size=1, max_size=20))
def test_a_fitted_view_passes_the_check(text: str, blocks: list[Block]) -> None:
    view = modal(section("always"), *blocks, submit=plain(text))
    check_view(fit_view(view))


def _fails(check: Callable[[], None]) -> bool:
    try:
        check()
    except LimitError:
        return True
    return False


@given(st.lists(st.dictionaries(st.sampled_from(["type", "text", "elements"]), ODD), max_size=3))
def test_the_check_answers_whatever_it_is_given(blocks: list[Any]) -> None:
    assert _fails(lambda: check_message("a", blocks)) == bool(blocks)
