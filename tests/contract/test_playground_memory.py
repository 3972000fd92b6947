"""A workspace that is put back after its process has ended, or was killed."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.playground.memory import remembered
from bot.playground.model import Message, SlackError
from bot.playground.seed import LEAD, ONCALL, SCIENTIST
from bot.playground.workspace import Workspace
from tests.e2e.process import ROOT, clean
from tests.team import ONCALL_GROUP, TEAM_CHANNEL, small_workspace

ROOM = TEAM_CHANNEL.id
BUTTON = {"type": "button", "action_id": "approve", "text": {"type": "plain_text", "text": "Yes"}}
CARD: tuple[dict[str, Any], ...] = ({"type": "actions", "block_id": "b", "elements": [BUTTON]},)


@contextmanager
def opened(path: Path, wall: float = 1_000.0) -> Iterator[Workspace]:
    """A new workspace with what the file has."""
    space = small_workspace(lambda: wall)
    with remembered(space, path):
        yield space


def test_what_was_said_is_back_with_its_stamps_threads_edits_reactions_and_buttons(
    tmp_path: Path,
) -> None:
    path = tmp_path / "workspace.db"
    with opened(path) as before:
        card = before.post(Message(ROOM, "", "U0BURNBAN", "a request", CARD, metadata={"n": 1}))
        before.post(Message(ROOM, "", ONCALL.id, "looking", thread_ts=card.ts))
        before.edit(replace(card, text="a request, edited"))
        edited = before.message(ROOM, card.ts)
        before.put_message(replace(edited, reactions=(("eyes", ONCALL.id),), pinned=True))
        gone = before.post(Message(ROOM, "", ONCALL.id, "a slip"))
        before.delete(gone)
        said = before.messages(ROOM)
    with opened(path) as after:
        assert after.messages(ROOM) == said
        assert [m.text for m in after.replies(ROOM, card.ts)] == ["looking"]
        with pytest.raises(SlackError, match="message_not_found"):
            after.message(ROOM, gone.ts)


def test_a_message_after_a_restart_is_newer_than_all_before_though_the_clock_went_back(
    tmp_path: Path,
) -> None:
    path = tmp_path / "workspace.db"
    with opened(path, wall=2_000.0) as before:
        said = before.post(Message(ROOM, "", ONCALL.id, "early"))
        edited = before.edit(replace(said, text="early, edited"))
    with opened(path, wall=1_000.0) as after:
        assert after.post(Message(ROOM, "", ONCALL.id, "late")).ts > edited.edited_ts


def test_who_joined_whom_they_wrote_to_and_who_is_on_call_is_back(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    with opened(path) as before:
        before.leave(ROOM, SCIENTIST.id)
        direct = before.open_dm(SCIENTIST.id)
        before.post(Message(direct.id, "", SCIENTIST.id, "only for the app"))
        before.put_user(replace(LEAD, title="On leave"))
        before.set_group_users(ONCALL_GROUP.id, [LEAD.id])
        channels, groups = before.channels, before.groups
    with opened(path) as after:
        assert after.channels == channels
        assert after.groups == groups
        assert after.user(LEAD.id).title == "On leave"
        assert [m.text for m in after.messages(direct.id)] == ["only for the app"]


def test_the_app_is_told_of_no_change_of_a_group_that_was_none(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    with opened(path) as before:
        before.set_group_users(ONCALL_GROUP.id, ONCALL_GROUP.users)
    space, told = small_workspace(lambda: 1_000.0), []
    space.feed.listen(lambda change: told.append(change.kind))
    with remembered(space, path):
        assert "group" not in told


def test_private_answers_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    with opened(path) as before:
        before.whisper(Message(ROOM, "", "U0BURNBAN", "for you", only_for=ONCALL.id))
    with opened(path) as after:
        assert after.ephemerals(ONCALL.id) == ()
        assert after.messages(ROOM) == ()


def test_nothing_is_kept_of_a_workspace_that_is_not_asked_to_remember(tmp_path: Path) -> None:
    space = small_workspace(lambda: 1_000.0)
    with remembered(space, tmp_path / "workspace.db"):
        pass
    space.post(Message(ROOM, "", ONCALL.id, "afterwards"))
    with opened(tmp_path / "workspace.db") as after:
        assert after.messages(ROOM) == ()


_KILLED = """
import os, signal, sys
from pathlib import Path
from bot.playground.memory import remembered
from bot.playground.model import Message
from bot.playground.seed import ONCALL
from tests.team import TEAM_CHANNEL, small_workspace

space = small_workspace(lambda: 1_000.0)
with remembered(space, Path(sys.argv[1])):
    for number in range(200):
        space.post(Message(TEAM_CHANNEL.id, "", ONCALL.id, str(number)))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_loses_nothing_that_was_said(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    line = [sys.executable, "-c", _KILLED, str(path)]
    done = subprocess.run(line, env=clean({}), cwd=ROOT, check=False)
    assert done.returncode == -9
    with opened(path) as after:
        assert [m.text for m in after.messages(ROOM)] == [str(n) for n in range(200)]


def test_a_file_that_is_no_memory_of_a_workspace_is_told(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    path.write_text("something else, and enough of it to be read as a database " * 20)
    with pytest.raises(ValueError, match="not a database"), opened(path):
        pass
    path.unlink()
    with opened(path) as before:
        before.post(Message(ROOM, "", ONCALL.id, "hello"))
    with sqlite3.connect(path) as other:
        other.execute("UPDATE things SET body = '{\"colour\": 1}'")
    other.close()
    with pytest.raises(ValueError, match="blocks"), opened(path):
        pass


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="unable to open"), opened(tmp_path / "no" / "workspace.db"):
        pass
