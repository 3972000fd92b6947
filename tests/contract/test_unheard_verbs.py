"""What waits for Slack is not left waiting in silence: verbs where there is no token."""

import pytest
from typer.testing import CliRunner, Result

from bot.wiring.commands import app
from tests.e2e.slack import tells

pytest_plugins = ["tests.bare_terminal"]
pytestmark = pytest.mark.usefixtures("folder")

UNHEARD = "There is no SLACK_BOT_TOKEN here: nobody in Slack hears of this before"


def say(line: str) -> Result:
    done = CliRunner().invoke(app, line.split())
    assert done.exit_code == 0, done.output
    return done


def test_a_request_in_the_terminal_says_that_nobody_in_slack_hears_of_it() -> None:
    tells(say("freeze ranker for 8h bad rollout").stderr, UNHEARD)
    for line, asked in (
        ("freeze edit 1 for 2h all is well", "Asked to shorten freeze 1"),
        ("unfreeze ranker all is well", "Asked to lift the freeze"),
        ("freeze dispute 1 it was the network", "Disputed"),
        ("override ranker 38 the fix is in", "Asked to let"),
    ):
        done = say(line)
        tells(done.stdout, asked)
        tells(done.stderr, UNHEARD)


def test_an_adjustment_asked_for_in_the_terminal_says_so_too() -> None:
    say("poll --once")
    done = say("adjust ranker from 1h to now the network was down")
    tells(done.stdout, "Asked to take")
    tells(done.stderr, UNHEARD)


def test_whoever_only_looks_hears_nothing_of_slack() -> None:
    say("freeze ranker bad rollout")
    for line in ("freeze list", "freeze preview ranker", "freezes", "override list", "adjustments"):
        assert "SLACK_BOT_TOKEN" not in say(line).output


def test_where_there_is_a_token_slack_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-nobody")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "nobody")
    assert "SLACK_BOT_TOKEN" not in say("freeze ranker bad rollout").output
