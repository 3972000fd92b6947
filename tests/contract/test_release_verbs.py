"""`burnban released …` and `burnban releases`: the words of Slack, from a shell."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.errors import BurnbanError
from bot.wiring.commands import app
from bot.wiring.complain import complaint
from tests.e2e.counts import burning
from tests.e2e.slack import tells


def say(*words: str) -> tuple[int, str]:
    """A verb: its exit code, and all it says."""
    done = CliRunner().invoke(app, list(words))
    if isinstance(done.exception, BurnbanError):
        code, text = complaint(done.exception)
        assert code is not None
        return code, f"{done.output}{text}"
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with specs and an empty database; no Slack."""
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'burnban.db'}",
        "BURNBAN_SPECS": str(burning(tmp_path / "slos")),
        "BURNBAN_OPS_CHANNEL": "#ops",
        "USER": "ops",
        "LOGNAME": "ops",
        "COLUMNS": "200",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def test_a_release_is_told_and_shown_with_what_it_burned() -> None:
    assert say("poll", "--once")[0] in (0, 1)
    code, said = say("released", "ranker", "37", "at", "2h")
    assert code == 0
    tells(said, "On record: 37 of ranker serves all traffic since")
    tells(say("released", "ranker", "38", "share", "10%")[1], "serves 10 % of the traffic since")
    table = say("releases", "ranker")[1]
    tells(table, "38")
    tells(table, "serves 10.0%")
    tells(table, "last 30 days")
    rows = json.loads(say("releases", "ranker", "--json")[1])
    assert [row["version"] for row in rows] == ["38", "37"]
    assert rows[1]["burn"] > 0
    events = json.loads(say("history", "--json")[1])
    told = [one for one in events if one["event"] == "release_noted"]
    assert {one["who"] for one in told} == {"terminal:ops"}


def test_nothing_told_is_said_so() -> None:
    tells(say("releases")[1], "Nobody told of a release of everything")
    tells(say("releases", "--seen")[1], "No release was seen.")
    tells(say("releases", "--ungated")[1], "No release went without the gate's word")


def test_what_is_not_understood_is_said_with_an_example() -> None:
    code, said = say("released", "ranker")
    assert code == 2
    tells(said, "Which version of which service?")
    assert say("released", "rankr", "38")[0] == 2
    assert say("releases", "nothing")[0] == 2
