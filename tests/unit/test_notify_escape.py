"""Nothing that people or metrics say is read as a mark of Slack's."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.notify.escape import clean, cut, escape, shorten, unescape, unmark
from bot.notify.sizes import units

ANYTHING = st.text(st.characters(), max_size=60)


def test_the_three_characters_become_entities_and_nothing_else_does() -> None:
    assert escape("a < b & \"c\" > 'd'") == "a &lt; b &amp; \"c\" &gt; 'd'"


def test_an_entity_from_outside_stays_what_was_written() -> None:
    assert escape("&lt;!channel&gt;") == "&amp;lt;!channel&amp;gt;"


@given(ANYTHING)
def test_escaped_text_holds_no_mark_and_can_be_read_back(text: str) -> None:
    escaped = escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not re.search(r"&(?!(amp|lt|gt);)", escaped)
    assert unescape(escaped) == text


def test_a_reason_cannot_forge_a_line_of_ours() -> None:
    assert clean("bad\n*Approved by Ada*\u2028yes\r\x00") == "bad *Approved by Ada* yes "


def test_controls_that_turn_the_reading_direction_are_dropped() -> None:
    assert clean("a\u202eb\u2066c") == "abc"


@given(ANYTHING)
def test_cleaned_text_can_be_sent_and_is_one_line(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.encode("utf-8").decode() == cleaned
    assert len(cleaned.splitlines()) <= 1


def test_a_text_of_just_the_size_is_not_cut() -> None:
    assert cut("abcde", 5) == shorten("abcde", 5) == "abcde"
    assert cut("abcdef", 5) == shorten("abcdef", 5) == "abcd…"


def test_a_cut_leaves_no_half_entity_and_no_half_mark() -> None:
    assert cut("ab &amp; cd", 7) == "ab …"
    assert cut("by <@U0MIRA> and others", 9) == "by …"
    assert cut("by <@U0MIRA> and others", 14) == "by <@U0MIRA> …"


def test_a_cut_closes_the_code_block_that_it_cuts() -> None:
    text = cut("```\none line\nanother line\n```", 20)
    assert text == "```\none line\nan…\n```"
    assert units(text) == 20


@given(st.text(), st.integers(12, 40))
def test_what_was_cut_fits(text: str, most: int) -> None:
    assert units(cut(escape(text), most)) <= most
    assert units(shorten(text, most)) <= most


@given(st.text("`ab\n", max_size=80), st.integers(12, 40))
def test_a_cut_never_leaves_a_code_block_open_that_was_closed(text: str, most: int) -> None:
    fenced = f"```\n{text.replace('`', '')}\n```"
    found = cut(fenced, most)
    assert units(found) <= most
    assert found.count("```") in (0, 2)


def test_marks_become_words_where_slack_knows_none() -> None:
    date = "<!date^1772539200^{date_short_pretty} {time}|Tue 3 Mar 2026, 12:00 UTC>"
    text = f"since {date} by <@U0MIRA> in <#C0RANKING>: <https://x.test/?a=1|the chart> &lt;b&gt;"
    assert unmark(text) == (
        "since Tue 3 Mar 2026, 12:00 UTC by @U0MIRA in #C0RANKING: the chart &lt;b&gt;"
    )
