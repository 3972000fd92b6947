"""Figures in words: as people say them, and never an error for what is missing."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.notify import filters
from bot.notify.filters import FILTERS

GAP = "\u00a0"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.623, "62 %"),
        (0.0271, "2.7 %"),
        (0.0042, "0.42 %"),
        (0.0, "0 %"),
        (-0.121, "−12 %"),
        (1, "100 %"),
        (0.999, "99.9 %"),
        (0.99962, "99.962 %"),
        (0.95, "95 %"),
        (0.9999999, "99.99999 %"),
        (12.5, "1,250 %"),
        (-0.000001, "0 %"),
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "–"),
        (10**400, "–"),
        ("62", "–"),
        (True, "–"),
    ],
)
def test_a_share_is_said_in_percent_with_two_figures_that_mean_something(
    share: Any, text: str
) -> None:
    assert filters.percent(share) == text.replace(" ", GAP)


@pytest.mark.parametrize(
    ("share", "limit", "text"),
    [
        (0.99899, 0.999, "99.899 %"),
        (0.9989999, 0.999, "99.89999 %"),
        (0.99901, 0.999, "99.901 %"),
        (0.999, 0.999, "99.9 %"),
        (0.62, 0.999, "62 %"),
        (0.62, None, "62 %"),
        (0.999 - 1e-15, 0.999, "99.9 %"),
        (0.9, "x", "90 %"),
    ],
)
def test_a_share_is_said_with_the_figures_that_tell_it_from_its_limit(
    share: float, limit: Any, text: str
) -> None:
    assert filters.percent(share, limit) == text.replace(" ", GAP)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (36.1, "about 36"),
        (36.0, "36"),
        (36.0000000001, "36"),
        (0.2, "less than 1"),
        (2_787.4, "2,787"),
        (0, "0"),
        (None, "–"),
    ],
)
def test_events_that_were_worked_out_are_told_as_about_so_many(number: Any, text: str) -> None:
    assert filters.events(number) == text


@pytest.mark.parametrize(
    ("burn", "text"),
    [(18.21, "18.2"), (3.0, "3"), (0.418, "0.42"), (144.7, "145"), (0, "0"), (None, "–")],
)
def test_a_burn_is_said_with_the_figures_it_needs(burn: Any, text: str) -> None:
    assert filters.rate(burn) == text


@pytest.mark.parametrize(
    ("events", "text"),
    [(23_500.0, "23,500"), (12.5, "12.5"), (1234.5, "1,234"), (0.0, "0"), (None, "–")],
)
def test_events_are_counted_with_separators(events: Any, text: str) -> None:
    assert filters.count(events) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (300, "5 min"),
        (21_600, "6 h"),
        (0, "0 s"),
        (-4, "0 s"),
        (10**12, "over a year"),
        (None, "–"),
    ],
)
def test_a_time_is_said_as_people_say_it(seconds: Any, text: str) -> None:
    assert filters.span(seconds) == text.replace(" ", GAP)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(18_060, "5 h"), (17_000, "5 h"), (5_460, "1 h 31 min"), (1_150_000, "13 d"), (30, "30 s")],
)
def test_a_forecast_is_said_without_false_precision(seconds: int, text: str) -> None:
    assert filters.about(seconds) == text.replace(" ", GAP)


def test_a_bar_shows_something_while_anything_is_left() -> None:
    assert filters.bar(0.62) == "██████░░░░"
    assert filters.bar(0.001) == "█░░░░░░░░░"
    assert filters.bar(0) == filters.bar(-3) == "░" * 10
    assert filters.bar(7) == "█" * 10
    assert filters.bar(None, 4) == "····"


def test_an_instant_is_shown_in_the_readers_own_zone() -> None:
    assert filters.when(1_772_539_200) == (
        "<!date^1772539200^{date_short_pretty} {time}|Tue 3 Mar 2026, 12:00 UTC>"
    )
    assert filters.utc(1_772_539_200) == " 3 Mar 12:00"


@pytest.mark.parametrize("at", [None, -1, 10**15, math.nan, "noon"])
def test_an_instant_that_is_none_is_a_dash(at: Any) -> None:
    assert filters.when(at) == filters.utc(at) == "–"


def test_user_groups_and_people_are_mentioned_by_id_and_nothing_else_is() -> None:
    assert filters.mention("S0ONCALL") == "<!subteam^S0ONCALL>"
    assert filters.mention("U0MIRA") == "<@U0MIRA>"
    for other in ("<!channel>", "@oncall", "S0ONCALL>", "here", "S0 X", "!subteam^S0ONCALL"):
        assert not isinstance(filters.mention(other), Markup), other


def test_people_of_slack_are_mentioned_and_others_called_by_their_names() -> None:
    assert filters.user("U0MIRA", "mira") == "<@U0MIRA>"
    assert filters.user("burnban") == "Burnban"
    assert filters.user("root", "Ada") == "Ada"
    assert filters.user("") == "somebody"


@given(st.text())
def test_a_mention_is_made_of_letters_and_digits_only(who: str) -> None:
    made = filters.user(who)
    assert not isinstance(made, Markup) or made[2:-1].isalnum()


def test_only_web_addresses_become_links() -> None:
    assert filters.link("https://x.test/a?b=1&c=2", "the chart") == (
        "<https://x.test/a?b=1&amp;c=2|the chart>"
    )
    for address in (
        "javascript:alert(1)",
        "https://",
        "https://x.test/a|b",
        "!channel",
        "http://a b",
    ):
        assert not isinstance(filters.link(address, "x"), Markup)


def test_the_words_of_a_link_cannot_end_it() -> None:
    assert filters.link("https://x.test/", "a>b|<!channel>") == (
        "<https://x.test/|a&gt;b/&lt;!channel&gt;>"
    )


def test_cells_of_a_table_have_one_width_and_open_no_code() -> None:
    assert filters.pad("ranker", 8) == "ranker  "
    assert filters.pad("42", 5, "right") == "   42"
    assert filters.pad("a very long name", 6) == "a ver…"
    assert filters.pad("```x", 6) == "'''x  "


def test_names_are_listed_as_people_list_them() -> None:
    assert filters.listing([]) == ""
    assert filters.listing(["a"]) == "a"
    assert filters.listing(["a", "b"]) == "a and b"
    assert filters.listing(list("abcdefgh"), 3) == "a, b, c and 5 more"


@given(
    st.sampled_from(sorted(set(FILTERS) - {"pad", "short", "listing"})),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
)
def test_no_filter_fails_on_a_value_of_facts(name: str, value: Any) -> None:
    assert isinstance(FILTERS[name](value), str)


def test_an_instant_in_a_sentence_is_shown_in_the_readers_own_time() -> None:
    said = filters.local("gone about Tue 3 Mar 2026, 12:00 UTC (<at> most)")
    mark = "<!date^1772539200^{date_short_pretty} {time}|Tue 3 Mar 2026, 12:00 UTC>"
    assert said == f"gone about {mark} (&lt;at&gt; most)"


def test_a_day_in_a_sentence_has_the_form_of_the_instants_beside_it() -> None:
    said = filters.local("What rolls off on Wed 4 Mar 2026 returns 12 % of it.")
    mark = "<!date^1772625600^{date_short}|Wed 4 Mar 2026>"
    assert said == f"What rolls off on {mark} returns 12 % of it."


@pytest.mark.parametrize(
    "typed",
    [
        "Tue 4 Mar 2026",
        "Tue 3 Mar 2026, 12:00 CET",
        "Wed 3 Mar 2026, 12:00 UTC",
        "Tue 31 Feb 2026, 12:00 UTC",
        "3 Mar 2026, 12:00 UTC",
    ],
)
def test_what_is_no_instant_of_ours_stays_as_it_was_typed(typed: str) -> None:
    assert filters.local(typed) == typed
