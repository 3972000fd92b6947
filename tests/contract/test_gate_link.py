"""The link of a refusal leads to where an override can be asked for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.decide.people import Actor
from bot.decide.people import Door as Entrance
from bot.entrypoints.api.app import build_api
from bot.flow.gate.tokens import KeepTokens
from bot.notify.rooms import SlackRooms
from bot.playground.seed import BOT, ONCALL, SCIENTIST
from tests.door import Door, door
from tests.e2e.slack import ROOM, tells
from tests.served import served


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path) as found:
        yield found


def refused(house: Door) -> dict[str, str]:
    """Over HTTP, while frozen; the parameters of the link, and where it goes."""
    house.slack.command(ONCALL.id, "/freeze ranker for 2h bad roll-out")
    me = Actor("terminal:ada", "ada", Entrance.TERMINAL)
    keep = KeepTokens(house.core.record, house.core.clock)
    token = keep.create("ci", ["gate:decide:ranker"], timedelta(days=1), me)[0]
    question = {"subject": {"service": "ranker", "model_version": "38"}}
    with served(build_api(house.core.gate.api)) as url:
        answer = httpx.post(
            f"{url}/gate/decisions", json=question, trust_env=False,
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip
    said = answer.json()
    assert said["outcome"] == "deny"
    link = urlsplit(said["request_override_url"])
    assert (link.scheme, link.netloc, link.path) == ("https", "slack.com", "/app_redirect")
    return {name: values[0] for name, values in parse_qs(link.query).items()}


def test_the_link_to_a_channel_named_in_the_specs_opens_it_and_the_command_works_there(
    house: Door,
) -> None:
    assert house.core.gate.links.look(SlackRooms(house.chat.client))
    asked = refused(house)
    assert asked == {"channel": ROOM, "team": house.slack.space.team.id}
    line = "/override ranker 38 it is a fix"
    tells(house.slack.command(SCIENTIST.id, line, asked["channel"]), "Asked")


def test_where_the_channel_cannot_be_seen_the_link_opens_the_app(house: Door) -> None:
    space = house.slack.space
    hidden = replace(space.channel(ROOM), name="renamed")
    space.put_channel(hidden)
    assert house.core.gate.links.look(SlackRooms(house.chat.client))
    asked = refused(house)
    assert asked == {"app": BOT.app_id, "team": space.team.id}
    line = "/override ranker 38 it is a fix"
    private = space.open_dm(SCIENTIST.id).id
    tells(house.slack.command(SCIENTIST.id, line, private), "Asked")
