"""Examples that work for whoever reads them."""

import pytest

from bot.entrypoints.mended import at_home, mended
from bot.entrypoints.slack_commands import help_facts
from bot.errors import Unplaced, UserError
from bot.wiring.complain import complaint, helpful


@pytest.mark.parametrize(
    ("line", "word", "right", "works"),
    [
        ("/freeze rankr for 2h why", "rankr", "ranker", "/freeze ranker for 2h why"),
        ("/budget show  serch", "serch", "search", "/budget show search"),
        ("/budget status search", "search", "service:search", "/budget status service:search"),
        ("/unfreeze team:serch why", "serch", "search", "/unfreeze team:search why"),
        ("/freeze label:a=b x", "label:a=b", "label:a=c", "/freeze label:a=c x"),
        ("/freeze team:x y", "x", "service:x", "/freeze service:x y"),
        ("/freeze " + "x" * 300, "x" * 300, "ranker", "ranker"),
        ("/freeze", "elsewhere", "ranker", "ranker"),
    ],
)
def test_a_wrong_word_is_put_right_in_the_line_as_it_was_typed(
    line: str, word: str, right: str, works: str
) -> None:
    found = mended(Unplaced("No.", right, word), line, ["other"])
    assert (found.sentence, found.example) == ("No.", works)


def test_an_example_is_about_the_service_that_was_named_or_else_the_first_there_is() -> None:
    usual = UserError("When?", "/freeze ranker for 2h ranker-like, not reranker")
    line = "/freeze fraud for 2x why"
    assert mended(usual, line, ["bids", "fraud"]).example == (
        "/freeze fraud for 2h ranker-like, not reranker"
    )
    assert at_home("/budget show ranker", ["fraud", "bids"]) == "/budget show bids"
    assert at_home("/budget show ranker", []) == "/budget show ranker"


@pytest.mark.parametrize(
    ("line", "usual", "works"),
    [
        ("/freeze team:x until", "/freeze ranker for 2h why", "/freeze <service> for 2h why"),
        ("/override nosuch", "/override ranker 38 why", "/override <service> 38 why"),
        ("/budget adjust x", "/budget adjust ranker from 2h", "/budget adjust <service> from 2h"),
        ("/release note x", "/release note ranker 38", "/release note <service> 38"),
        ("/freeze preview", "/freeze preview ranker", "/freeze preview bids"),
        ("/override list a b", "/override list ranker", "/override list bids"),
        ("/budget show", "/budget show ranker", "/budget show bids"),
    ],
)
def test_an_example_that_acts_is_about_no_service_that_was_not_named(
    line: str, usual: str, works: str
) -> None:
    """Pasted at four in the morning it would freeze another team."""
    assert mended(UserError("No.", usual), line, ["fraud", "bids"]).example == works


@pytest.mark.parametrize(
    ("line", "works"),
    [
        ("/freeze nosuch for 2h x", "/budget status"),
        ("/unfreeze nosuch x", "/budget status"),
        ("/override nosuch 38 x", "/budget status"),
        ("/budget adjust nosuch from 2h to now x", "/budget status"),
        ("/release note nosuch 38", "/budget status"),
        ("burnban freeze nosuch x", "/budget status"),
        ("/freeze preview nosuch", "/freeze preview fraud"),
        ("/budget show nosuch", "/budget show fraud"),
        ("/budget adjustments nosuch", "/budget adjustments fraud"),
        ("burnban show nosuch", "burnban show fraud"),
    ],
)
def test_a_word_that_is_like_no_service_is_replaced_only_where_nothing_is_done(
    line: str, works: str
) -> None:
    error = Unplaced("No.", "fraud", "nosuch", near=False)
    assert mended(error, line, ["fraud"]).example == works


def test_the_help_is_about_a_service_that_there_is() -> None:
    examples = help_facts(["fraud"])["examples"]
    assert "/budget show fraud" in examples
    assert not any("ranker" in example for example in examples)


@pytest.mark.parametrize("command", ["/freeze", "/unfreeze", "/override"])
def test_the_help_of_a_command_is_about_it_alone_and_has_examples(command: str) -> None:
    facts = help_facts(["fraud"], command)
    assert [one["name"] for one in facts["commands"]] == [command]
    assert facts["examples"]
    assert all(example.startswith(f"{command} ") for example in facts["examples"])


def test_the_terminal_repeats_the_command_with_the_right_word() -> None:
    error = helpful(Unplaced("There is no service `rankr`.", "ranker", "rankr"), ["show", "rankr"])
    assert complaint(error)[1].splitlines()[-1] == "For example: burnban show ranker"
    other = UserError("No.", "x")
    assert helpful(other, ["show"]) is other
