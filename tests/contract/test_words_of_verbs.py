"""What verbs answer to a newcomer: names that are near, help that helps, lines that stay whole."""

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.wiring.commands import app
from tests.e2e.slack import tells
from tests.team import TEAM_CHANNEL

pytest_plugins = ["tests.bare_terminal"]

HERE = Path(__file__).resolve().parents[2]


def say(line: str) -> Result:
    return CliRunner().invoke(app, line.split())


@pytest.mark.usefixtures("folder")
def test_a_service_that_nobody_knows_is_refused_with_the_near_name_and_not_recorded() -> None:
    done = say("gate --service rankr --version 38")
    assert done.exit_code == 2
    tells(done.output, "There is no service `rankr`. Did you mean `ranker`?")
    tells(done.output, "burnban gate --service ranker")
    assert json.loads(say("history --json").output) == []


def test_a_service_that_nobody_knows_goes_with_a_warning_where_the_policy_only_monitors(
    folder: Path,
) -> None:
    specs = folder / "slos" / "ranker.yaml"
    watching = specs.read_text().replace("default: true", "default: true\n  mode: monitor")
    specs.write_text(watching)
    done = say("gate --service rankr --version 38")
    assert done.exit_code == 0
    tells(
        done.output, "rankr 38 may go, with care: there is no service rankr; did you mean ranker?"
    )


@pytest.mark.usefixtures("folder")
def test_an_answer_names_the_team_and_its_channel_also_where_nothing_stops_the_release() -> None:
    say("poll --once")
    said = json.loads(say("gate --service ranker --version 38 --json").stdout)
    assert said["allowed"]
    assert (said["team"], said["channel"]) == ("search", f"#{TEAM_CHANNEL.name}")


@pytest.mark.parametrize("verb", ["list", "preview", "edit", "dispute"])
def test_each_word_after_freeze_has_help_of_its_own(verb: str) -> None:
    done = say(f"freeze {verb} --help")
    assert done.exit_code == 0
    tells(done.output, f"Usage: burnban freeze {verb}")
    tells(say("freeze --help").output, verb)


def test_it_says_which_burnban_it_is() -> None:
    known = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]["version"]
    done = say("--version")
    assert (done.exit_code, done.output) == (0, f"burnban {known}\n")


@pytest.mark.usefixtures("folder")
def test_what_a_pipe_reads_is_not_broken_within_a_sentence() -> None:
    (line,) = say("check").output.splitlines()
    assert len(line) > 80


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("burnban ga", ["gate"]),
        ("burnban gate --ver", ["--version"]),
        ("burnban gate --kind ro", ["rollback"]),
    ],
)
def test_a_shell_that_was_taught_completes_verbs_options_and_kinds(
    typed: str, offered: list[str]
) -> None:
    asked = {
        "_BURNBAN_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(typed.count(" ")),
    }
    done = CliRunner().invoke(app, [], env=asked, prog_name="burnban")
    assert done.output.split() == offered


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("number", ["99999999999999999999999999", "0"])
def test_a_number_that_no_token_has_is_refused_in_words(number: str) -> None:
    done = say(f"token revoke {number}")
    assert done.exit_code == 2
    assert "Invalid value for" in done.output
