"""What the terminal tells people to type can be typed there."""

import pytest

from bot.entrypoints.typed import typed_here
from bot.errors import UserError
from bot.wiring.complain import complaint


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("/freeze list", "burnban freeze list"),
        ("To lift it: /unfreeze prod <reason>", "To lift it: burnban unfreeze prod <reason>"),
        ("`/override cancel 7` takes it back", "`burnban override cancel 7` takes it back"),
        ("/budget history all", "burnban history all"),
        ("/budget report 2026-11", "burnban report --month 2026-11"),
        ("/budget report search 2026-10", "burnban report --team search --month 2026-10"),
        ("/budget policy ranker", "burnban policy explain ranker"),
        ("/budget gate ranker 38", "burnban gate --service ranker --version 38"),
        ("/budget help", "burnban --help"),
    ],
)
def test_a_command_of_slack_is_told_as_the_terminal_has_it(said: str, typed: str) -> None:
    assert typed_here(said) == typed


@pytest.mark.parametrize(
    "text", ["slos/freeze/x.yaml:3", "https://a.example/override", "/freezes", "and/or /budgets"]
)
def test_what_is_no_command_stays(text: str) -> None:
    assert typed_here(text) == text


def test_only_a_command_is_called_an_example() -> None:
    error = UserError("That is asked already.", "approve or deny the open request")
    assert complaint(error)[1].splitlines()[-1] == "Next: approve or deny the open request"
    error = UserError("There is no override 3.", "/override list")
    assert complaint(error)[1].splitlines()[-1] == "For example: burnban override list"
