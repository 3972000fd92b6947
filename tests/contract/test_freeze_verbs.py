"""The terminal's verbs about freezes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bot.errors import BurnbanError
from bot.judge.dates import instant
from bot.wiring.commands import app
from bot.wiring.complain import complaint
from tests.e2e.counts import burning
from tests.e2e.slack import tells

NIGHTS = """\
apiVersion: burnban/v1
kind: FreezeSchedule
metadata: {name: nights}
spec:
  scopes: [ranker]
  reason: few are awake
  timeZone: Europe/Berlin
  recurrences: {start: 2026-01-02 20:00, duration: 8h, rule: FREQ=DAILY}
"""

Say = Callable[..., str]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """A verb in this process; what it prints, or with which code it ends and why."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BURNBAN_SPECS", str(burning(tmp_path / "slos")))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'burnban.db'}")

    def run(*words: str) -> str:
        capsys.readouterr()
        try:
            app(list(words), standalone_mode=False)
        except BurnbanError as error:
            code, text = complaint(error)
            return f"exit {code}: {text}"
        return capsys.readouterr().out

    return run


def rows(say: Say) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(say("freezes", "--json"))
    return found


def test_freezes_are_listed_previewed_edited_and_exported(say: Say, tmp_path: Path) -> None:
    (tmp_path / "slos" / "nights.yaml").write_text(NIGHTS)
    tells(say("check"), "1 schedule")
    say("poll", "--once")
    listed = say("freezes")
    tells(listed, "schedule nights: few are awake")
    tells(listed, "more)")
    known = rows(say)
    assert len(known) >= 60
    said = say("freeze", "ranker", "for", "2h", "bad", "rollout")
    made = max(rows(say), key=lambda row: int(row["id"]))
    since, until = instant(made["since"]), instant(made["until"])
    tells(said, f"Releases of service ranker are frozen from {since} to {until} (ranker).")
    number = str(max(row["id"] for row in rows(say)))
    edited = say("freeze", "edit", number, "for", "4h", "the", "fix", "takes", "longer")
    tells(edited, f"Freeze {number} of service ranker has another end now")
    tells(edited, "It ends ")
    tells(say("freeze", "list", "ranker"), "bad rollout")
    previewed = say("freeze", "preview", "ranker")
    tells(previewed, "would stop releases of 1 service")
    tells(previewed, "ranker (stopped already)")
    say("freezes", "export", "--ics", "freezes.ics")
    events = Calendar.from_ical((tmp_path / "freezes.ics").read_bytes()).walk("VEVENT")
    assert len(events) == len(known) + 1
    assert f"freeze-{number}@burnban" in {str(event["UID"]) for event in events}
    printed = say("freezes", "export", "--ics", "--scope", "ranker")
    assert len(Calendar.from_ical(printed).walk("VEVENT")) == len(events)


def test_freezes_become_sync_windows_of_argo_cd(say: Say, tmp_path: Path) -> None:
    say("freeze", "ranker", "for", "2h", "bad", "rollout")
    (whole,) = json.loads(say("freezes", "export", "--argocd"))
    (window,) = whole["value"]
    assert (window["applications"], window["duration"][:2]) == (["ranker"], "2h")
    theirs = {"kind": "allow", "schedule": "0 9 * * *", "duration": "8h", "applications": ["*"]}
    project = {"metadata": {"resourceVersion": "7"}, "spec": {"syncWindows": [theirs]}}
    (tmp_path / "project.json").write_text(json.dumps(project))
    words = ("--project", "project.json", "--application", "{service}-prod")
    guard, change = json.loads(say("freezes", "export", "--argocd", *words))
    assert guard["value"] == "7"
    assert [one["applications"] for one in change["value"]] == [["*"], ["ranker-prod"]]


def test_a_freeze_that_comes_is_called_off_by_its_number(say: Say, tmp_path: Path) -> None:
    (tmp_path / "slos" / "nights.yaml").write_text(NIGHTS)
    say("poll", "--once")
    coming = rows(say)[-1]["id"]
    tells(say("unfreeze", str(coming), "no", "need"), "Asked to lift the freeze of service ranker")
    tells(say("freeze", "preview", "ranker"), "open: request 1 to lift the freeze of")


def test_a_freeze_that_waits_for_approvals_is_listed_as_asked_for(say: Say, tmp_path: Path) -> None:
    two = "{services: [ranker], approvals: {freeze: 2}}"
    policy = f"apiVersion: burnban/v1\nkind: BudgetPolicy\nmetadata: {{name: two}}\nspec: {two}\n"
    (tmp_path / "slos" / "two.yaml").write_text(policy)
    tells(say("freeze", "ranker", "for", "2h", "bad", "rollout"), "2 approvals needed")
    listed = say("freezes")
    tells(listed, "No freeze stands, and none is scheduled.")
    tells(listed, "asked  request 1  service ranker, to be decided until")
    tells(listed, "bad rollout")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("freezes export", "Say in which format."),
        ("freezes export --ics /proc/none/x.ics", "cannot be written"),
        ("freezes export --ics --argocd", "Say in which format."),
        ("freezes export --argocd --project none.json", "cannot be read as JSON"),
        ("freeze edit 7 for 2h x", "There is no freeze 7."),
        ("freeze edit 7 fro 2h", "Did you mean `for`?"),
        ("unfreeze 7 x", "There is no freeze 7."),
        ("freeze list rnker", "Did you mean `ranker`"),
        ("freezes --scope rnker", "Did you mean `ranker`"),
    ],
)
def test_what_cannot_be_done_is_told_with_an_exit_code(say: Say, words: str, says: str) -> None:
    said = say(*words.split())
    tells(said, "exit 2: ")
    tells(said, says)


def test_without_freezes_the_list_says_so(say: Say) -> None:
    tells(say("freezes"), "No freeze stands, and none is scheduled.")
    assert rows(say) == []
