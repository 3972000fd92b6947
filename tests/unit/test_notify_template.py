"""A template is Block Kit whose texts are filled in: facts cannot change its structure."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.notify.environment import escaping, verbatim
from bot.notify.reading import Jinja, MalformedError, read
from bot.notify.render import TemplateRenderer
from bot.notify.template import Branch

JINJA = Jinja(escaping(()), verbatim(()))
Write = Callable[[str, str], Path]


def parse(text: str) -> Branch:
    return read(text, JINJA)


def fill(text: str, facts: Mapping[str, Any] | None = None) -> Any:
    return parse(text).fill(facts or {})


def words(source: str, **facts: Any) -> str:
    """A single text, filled in."""
    return str(fill(yaml.safe_dump({"text": source}), facts)["text"])


def test_a_fact_is_escaped_and_our_own_marks_are_not() -> None:
    assert words("{{ who | user }}: {{ why }}", who="U1", why="<!channel> & co") == (
        "<@U1>: &lt;!channel&gt; &amp; co"
    )


@pytest.mark.parametrize(
    "source",
    [
        "{{ x }}",
        "{{ x ~ '!' }}",
        "{{ 'U1' | user ~ x }}",
        "{{ x | upper }}",
        "{{ [x, 'U1' | user] | join(', ') }}",
        "{{ x | replace('b', 'c') }}",
        "{% set y %}{{ x }}{% endset %}{{ y }}",
        "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(x) }}",
        "{% autoescape false %}{{ x }}{% endautoescape %}",
        "{{ x | default('') | short(40) }}",
        "{{ 'U1' | user | replace('U1', x) }}",
        "{% filter upper %}{{ x }}{% endfilter %}",
    ],
)
def test_no_way_of_writing_it_lets_a_mark_from_outside_through(source: str) -> None:
    text = words(source, x="<!channel> <@u2>")
    assert "<!" not in text
    assert "<@u2>" not in text.lower()


@pytest.mark.parametrize("name", ["safe", "e", "escape", "tojson", "urlize", "center", "indent"])
def test_filters_that_unescape_or_bloat_do_not_exist(name: str) -> None:
    with pytest.raises(Exception, match="No filter named"):
        words(f"{{{{ x | {name} }}}}", x="a")


def test_quotes_are_shown_as_they_are_written() -> None:
    assert words("{{ ['U1' | user, x] | join(' ') }}", x='it\'s "so" &#39;') == (
        '<@U1> it\'s "so" &amp;#39;'
    )


@pytest.mark.parametrize("source", ["{{ ''.__class__ }}", "{{ x.append(1) }}", "{{ x.clear() }}"])
def test_a_template_reaches_nothing_but_its_facts(source: str) -> None:
    with pytest.raises(Exception, match=r"unsafe|undefined|not callable"):
        words(source, x=["a"])


def test_a_missing_fact_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(Exception, match="'why' is undefined"):
        words("because {{ why }}")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_quotes_and_brackets_of_a_fact_stay_inside_its_text(why: str) -> None:
    document = """
blocks:
  - type: section
    text: "{{ why }}"
  - type: divider
"""
    filled = fill(document, {"why": why})
    assert [block["type"] for block in filled["blocks"]] == ["section", "divider"]
    assert set(filled["blocks"][0]["text"]) == {"type", "text"}


def test_ids_and_values_come_back_unchanged() -> None:
    document = "blocks: [{type: button, value: '{{ x }}', text: '{{ x }}'}]"
    button = fill(document, {"x": "a&b"})["blocks"][0]
    assert button["value"] == "a&b"
    assert button["text"] == {"type": "plain_text", "text": "a&amp;b"}


def test_marks_become_words_in_plain_texts() -> None:
    document = "blocks: [{type: header, text: '{{ at | when }} {{ who | user }}'}]"
    header = fill(document, {"at": 0, "who": "U1"})["blocks"][0]
    assert header["text"]["text"] == "Thu 1 Jan 1970, 00:00 UTC @U1"


def test_a_mere_text_becomes_the_text_object_that_its_place_takes() -> None:
    document = """
blocks:
  - {type: section, text: a, fields: [b]}
  - {type: context, elements: [c]}
  - {type: input, label: d, element: {type: plain_text_input, placeholder: e}}
  - type: actions
    elements:
      - type: static_select
        options: [{text: f, value: g}]
        confirm: {title: h, text: i, confirm: j, deny: k}
"""
    section, context, asked, actions = fill(document)["blocks"]
    assert section["text"] == {"type": "mrkdwn", "text": "a"}
    assert section["fields"] == [{"type": "mrkdwn", "text": "b"}]
    assert context["elements"] == [{"type": "mrkdwn", "text": "c"}]
    assert asked["label"] == {"type": "plain_text", "text": "d"}
    assert asked["element"]["placeholder"]["type"] == "plain_text"
    menu = actions["elements"][0]
    assert menu["options"] == [{"text": {"type": "plain_text", "text": "f"}, "value": "g"}]
    assert {part["type"] for part in menu["confirm"].values()} == {"plain_text"}


def test_what_the_block_kit_builder_gives_can_be_pasted() -> None:
    pasted = '{"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*{{ x }}*"}}]}'
    assert fill(pasted, {"x": "<"})["blocks"][0]["text"]["text"] == "*&lt;*"


def test_a_part_under_a_false_condition_leaves_nothing() -> None:
    document = """
blocks:
  - {if: x > 1, type: divider}
  - type: button
    text: a
    confirm: {if: x > 1, title: a, text: b, confirm: c, deny: d}
"""
    assert len(fill(document, {"x": 2})["blocks"]) == 2
    (button,) = fill(document, {"x": 1})["blocks"]
    assert "confirm" not in button


def test_a_part_is_repeated_for_each_thing() -> None:
    document = """
blocks:
  - for: name, size in things
    if: size
    type: section
    text: "{{ loop.index }} {{ name }}"
"""
    filled = fill(document, {"things": [("a", 1), ("b", 0), ("c", 2)]})
    assert [block["text"]["text"] for block in filled["blocks"]] == ["1 a", "3 c"]


def test_several_parts_share_a_condition_and_a_loop() -> None:
    document = """
blocks:
  - for: x in xs
    do:
      - {type: divider}
      - {if: x, type: section, text: "{{ x }}"}
"""
    kinds = [block["type"] for block in fill(document, {"xs": [1, 0]})["blocks"]]
    assert kinds == ["divider", "section", "divider"]


def test_a_line_of_statements_leaves_no_line() -> None:
    source = "a\n{% if x %}\nb\n{% endif %}\n{# a note #}\nc {% if x %}d{% endif %}\ne"
    assert words(source, x=True) == "a\nb\nc d\ne"


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("- a list", "must hold a mapping"),
        ("blocks: [{for: x of y, type: divider}]", "thing in things"),
        ("blocks: [{do: [], type: divider}]", "other fields go into them"),
        ("blocks: [{type: [a]}]", "must be a word"),
        ("if: x\ntext: a", "not around it"),
        ("text: " + "a" * 70_000, "larger than"),
    ],
)
def test_a_template_that_cannot_be_read_says_why(document: str, fault: str) -> None:
    with pytest.raises(MalformedError, match=fault):
        parse(document)


# --- folders of templates --------------------------------------------------------------------


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writing(place: str, text: str) -> Path:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return writing


@pytest.fixture
def renderer(tmp_path: Path, write: Write) -> TemplateRenderer:
    write("built-in/hello/message.yaml", "text: 'built-in {{ x }}'")
    (tmp_path / "own").mkdir()
    return TemplateRenderer([tmp_path / "own", tmp_path / "built-in"])


def test_a_users_own_template_comes_first(renderer: TemplateRenderer, write: Write) -> None:
    assert renderer.message("hello", {"x": 1}).text == "built-in 1"
    write("own/hello/message.yaml", "text: 'own {{ x }}'")
    assert renderer.message("hello", {"x": 1}).text == "own 1"


@pytest.mark.parametrize(
    "broken",
    [
        "text: 'own {{ x'",
        "text: 'own {{ gone }}'",
        "text: own\nblocks: [{type: carousel}]",
        "text: own\nblocks: {a: b}",
        "text: [",
        "text: '{{ x.__class__.__mro__ }}'",
        "text: '{{ 1 / 0 }}'",
        "text: '{{ x[5] }}'",
        "\x00",
    ],
)
def test_a_broken_template_of_a_user_falls_back_and_is_named_once(
    renderer: TemplateRenderer, write: Write, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = write("own/hello/message.yaml", broken)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert renderer.message("hello", {"x": [1]}).text == "built-in [1]"
    assert len(caplog.records) == 1
    assert str(path) in caplog.text


def test_a_message_without_a_text_of_its_own_takes_its_first_words(
    renderer: TemplateRenderer, write: Write
) -> None:
    write("own/hello/message.yaml", "blocks: [{type: divider}, {type: section, text: 'a *b*'}]")
    assert renderer.message("hello", {}).text == "a *b*"
    write("own/silent/message.yaml", "text: '{{ x }}'")
    assert renderer.message("silent", {"x": " "}).text == "Burnban"


def test_broken_words_of_a_user_do_not_silence_anything(
    renderer: TemplateRenderer, write: Write
) -> None:
    write("own/words.j2", "{% macro %}")
    write("own/hello/message.yaml", "text: own")
    assert renderer.message("hello", {"x": 1}).text == "built-in 1"


@pytest.mark.parametrize("name", ["ghost", "../built-in/hello", "", "Hello", "hello/message"])
def test_what_is_no_template_is_refused(renderer: TemplateRenderer, name: str) -> None:
    with pytest.raises(Refused, match="no such template"):
        renderer.message(name, {})


def test_faults_lists_every_file_that_cannot_be_read(
    renderer: TemplateRenderer, write: Write
) -> None:
    assert renderer.faults() == []
    write("own/a/message.yaml", "text: '{{'")
    write("own/b/view.yaml", "- list")
    assert len(renderer.faults()) == 2
