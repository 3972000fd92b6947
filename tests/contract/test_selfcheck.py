"""Troubles between Burnban and Slack are told at the start: in the log, and to the operators."""

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Settings, templates_folder
from bot.playground import seed
from bot.playground.fleet import day
from bot.playground.limits import Limits
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.wiring.chat import Chat, chat
from bot.wiring.core import Core, core
from bot.wiring.selfcheck import tell_troubles
from bot.wiring.specs import Live
from tests.e2e.counts import burning

OPS = "C0BURNBAN"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Core, Chat, Workspace]]:
    """The demo's fleet and workspace, nothing running."""
    day.lay_out(tmp_path, day.day_start(datetime.now(UTC)))
    space = seed.workspace(time.time, limits=Limits.none())
    with ExitStack() as stack:
        server = stack.enter_context(PlaygroundServer(space, templates_folder()))
        settings = Settings.model_construct(
            specs=tmp_path / day.SPECS,
            database_url=SecretStr(f"sqlite:///{tmp_path / 'burnban.db'}"),
            slack_bot_token=SecretStr(space.keys.bot),
            slack_signing_secret=SecretStr(space.keys.signing),
            slack_app_token=None,
            slack_api_url=server.api_url,
            ops_channel=f"#{seed.OPS_CHANNEL.name}",
            templates=None,
            public_url="",
            port=0,
        )
        built = stack.enter_context(core(settings))
        yield built, chat(built), space


def test_a_sound_workspace_is_not_talked_about(house: tuple[Core, Chat, Workspace]) -> None:
    built, parts, space = house
    space.set_group_users("S0PAYMENTS", ("U0PRIYA", "U0JONAS"))
    assert tell_troubles(built, parts) == []
    parts.deliver.run()
    assert not space.messages(OPS)


def test_each_trouble_is_named_once_a_day(
    house: tuple[Core, Chat, Workspace], caplog: pytest.LogCaptureFixture
) -> None:
    built, parts, space = house
    space.leave("C0PAYMENTS", space.bot.user_id)
    space.set_group_users("S0SEARCHON", ())
    space.set_group_users("S0SEARCHLD", ())
    with caplog.at_level(logging.WARNING):
        found = {line.subject for line in tell_troubles(built, parts)}
    assert {"channel #payments-alerts", "deciders of team search"} <= found
    assert "/invite @Burnban" in caplog.text
    tell_troubles(built, parts)
    parts.deliver.until_empty()
    (told,) = space.messages(OPS)
    assert "needs a hand" in told.text
    assert "the group is empty" in str(told.blocks)


def test_the_log_counts_objectives_as_people_do(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = burning(tmp_path / "slos")
    with caplog.at_level(logging.INFO):
        live = Live(folder)
        live.replace(live.load())
    assert "specs in force: 1 objective" in caplog.messages
