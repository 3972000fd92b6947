"""`/budget policy` and `/budget backtest` in Slack, through Bolt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.seed import GUEST, ONCALL, SCIENTIST
from tests.door import Door, door
from tests.e2e.slack import tells

LAX = """---
apiVersion: burnban/v1
kind: BudgetPolicy
metadata: {name: lax}
spec: {services: [ranker], onPage: hold}
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One objective, that of the ranker, has been failing for ten minutes."""
    with door(tmp_path_factory.mktemp("door")) as found:
        specs = Path(found.core.settings.specs) / "ranker.yaml"
        specs.write_text(specs.read_text() + LAX)
        found.core.reload()
        yield found


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/budget policy ranker", "The policy of ranker: strict → lax"),
        ("/budget policy ranker", "onPage: *hold* · "),
        ("/budget policy ranker", "(strict)"),
        ("/budget policy", "`policy` takes one service"),
        ("/budget policy all", "A policy is that of one service"),
        ("/budget policy rankr", "Did you mean `ranker`"),
    ],
)
def test_whoever_may_read_is_told_the_policy(house: Door, line: str, says: str) -> None:
    tells(house.slack.command(SCIENTIST.id, line), says)


def test_a_guest_is_told_no_policy(house: Door) -> None:
    tells(house.slack.command(GUEST.id, "/budget policy ranker"), "for members of this workspace")
    tells(house.slack.command(GUEST.id, "/budget backtest"), "for members of this workspace")


def test_who_decides_may_ask_what_policies_would_have_done(house: Door) -> None:
    said = house.slack.command(ONCALL.id, "/budget backtest 2h")
    tells(said, "of the policies in force")
    tells(said, "hold of ranker")
    said = house.slack.command(ONCALL.id, "/budget backtest strict 2h")
    tells(said, "of strict")
    # What the nearest leaves out still comes from `lax`, which lies below it now.
    tells(said, "hold of ranker")


def test_who_decides_nothing_may_not(house: Door) -> None:
    said = house.slack.command(SCIENTIST.id, "/budget backtest")
    tells(said, "Back-tests are for the approvers of a team")


def test_a_policy_that_is_not_there_cannot_be_tried(house: Door) -> None:
    said = house.slack.command(ONCALL.id, "/budget backtest stritc")
    tells(said, "There is no BudgetPolicy `stritc`. Did you mean `strict`?")
