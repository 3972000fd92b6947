"""`burnban override …` and `burnban freeze dispute …`: the words of Slack, from a shell, by whoever
holds it."""

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
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def test_an_override_is_asked_listed_and_cancelled_from_the_terminal() -> None:
    tells(say("override", "ranker", "38", "it", "is", "urgent")[1], "Nothing stops version 38")
    assert say("freeze", "ranker", "bad", "rollout")[0] == 0
    code, said = say("override", "ranker", "38", "bug-fix", "ML-12", "it", "crashes")
    assert code == 0
    tells(said, "Asked to let version 38 of ranker through freeze 1 (override 1)")
    tells(said, "I could not ask who may decide (no Slack token is set)")
    (row,) = json.loads(say("override", "list", "--json")[1])
    assert (row["request"], row["state"], row["kind"]) == (1, "pending", "bug-fix")
    tells(say("override", "list", "ranker")[1], "1 ranker 38 pending until ")
    tells(say("override", "cancel", "1")[1], "Request 1 is cancelled")
    tells(say("override", "list")[1], "1 ranker 38 cancelled bug-fix ML-12")


def test_a_rollback_passes_from_the_terminal_and_is_revoked_there() -> None:
    say("freeze", "ranker", "bad", "rollout")
    tells(say("override", "ranker", "37", "rollback", "back")[1], "may go now, once")
    tells(say("override", "list")[1], "37 approved until ")
    tells(say("override", "revoke", "1", "not", "that", "one")[1], "Override 1 is revoked")


def test_who_broke_the_glass_in_the_terminal_does_not_review_it_there() -> None:
    say("freeze", "ranker", "bad", "rollout")
    said = say("override", "break-glass", "ranker", "38", "INC-7", "nobody", "gets", "results")[1]
    tells(said, "may go now, once")
    tells(said, "deciders will review it by ")
    tells(said, "Start the release with exactly that.")
    tells(said, "There is no SLACK_BOT_TOKEN here: nobody in Slack hears of this before")
    assert "channel knows" not in said
    tells(say("override", "reviews")[1], "1 ranker 38 due ")
    code, said = say("override", "review", "1", "it", "was", "right")
    assert code == 2
    tells(said, "Whoever broke the glass cannot review it")


def test_a_freeze_is_disputed_from_the_terminal() -> None:
    say("freeze", "ranker", "bad", "rollout")
    code, said = say("freeze", "dispute", "1", "the", "network", "was", "down")
    assert code == 0
    tells(said, "those who may lift it decide about freeze 1")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["override", "ranker"], "Which release of `ranker`"),
        (["override", "rankr", "38", "why"], "Did you mean `ranker`"),
        (["override", "ranker", "3f2a9c1", "why"], "looks like the beginning of a commit"),
        (
            ["override", "search", "38", "why"],
            "A release is of one service; `search` is team search",
        ),
        (["override", "all", "38", "why"], "A release is of one service"),
        (["override", "review", "9", "fine"], "There is no override 9"),
        (["freeze", "dispute", "9", "why"], "There is no freeze 9"),
    ],
)
def test_what_cannot_be_is_answered_with_exit_code_2(words: list[str], says: str) -> None:
    code, said = say(*words)
    assert code == 2
    tells(said, says)


def test_empty_lists_say_so() -> None:
    say("freeze", "list")
    tells(say("override", "list")[1], "There are no overrides yet.")
    tells(say("override", "reviews")[1], "Nothing waits for a review.")
