"""Links to where an override is asked for: remembered names, and what is said without them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pytest

from bot.decide.catalog import Catalog, Team
from bot.decide.people import Group
from bot.errors import Unclear
from bot.flow.gate.links import AGAIN, LASTS, SILENT, Links

NAMED = "https://slack.com/app_redirect?channel=C0RANKING&team=T1"
APP = "https://slack.com/app_redirect?app=A1&team=T1"


@dataclass
class FakeRooms:
    """Satisfies Rooms."""

    known: dict[str, str] = field(default_factory=lambda: {"ranking": "C0RANKING"})
    looks: list[list[str]] = field(default_factory=list)
    silent: bool = False

    def ids(self, names: Collection[str]) -> Mapping[str, str]:
        """Those that there are."""
        self.looks.append(sorted(names))
        if self.silent:
            raise Unclear("silence")
        return {name: self.known[name] for name in names if name in self.known}

    def home(self) -> tuple[str, str]:
        """The workspace and the app."""
        return "T1", "A1"


class Stage:
    """Links with a clock that a test turns."""

    def __init__(self, *channels: str) -> None:
        self.now, self.rooms = 1_000.0, FakeRooms()
        self.channels = channels
        self.links = Links(self.catalog, lambda: self.now)

    def catalog(self) -> Catalog:
        """A team for each channel."""
        teams = {name: Team(name, name, name, Group(), Group()) for name in self.channels}
        return Catalog(teams=teams)

    def look(self, later: float = 0.0) -> bool:
        """Once."""
        self.now += later
        return self.links.look(self.rooms)


def test_a_channel_given_by_name_is_found_and_remembered() -> None:
    stage = Stage("#ranking", "C0SEARCH01")
    assert stage.look()
    assert stage.links.url("#ranking") == NAMED
    assert not stage.look(LASTS - 1)
    assert stage.rooms.looks == [["ranking"]]


def test_a_name_is_looked_up_again_after_an_hour_for_channels_are_renamed() -> None:
    stage = Stage("#ranking")
    stage.look()
    stage.rooms.known["ranking"] = "C0ANOTHER1"
    assert stage.look(LASTS)
    assert stage.links.url("#ranking") == NAMED.replace("C0RANKING", "C0ANOTHER1")


def test_a_channel_given_by_its_id_needs_nobody() -> None:
    url = Stage().links.url("C0RANKING")
    assert url == "https://slack.com/app_redirect?channel=C0RANKING"


def test_a_name_that_nobody_knows_leads_to_the_app_and_is_asked_for_again_soon() -> None:
    stage = Stage("#ranking", "#secret")
    stage.look()
    assert stage.links.url("#secret") == APP
    assert not stage.look(AGAIN - 1)
    stage.rooms.known["secret"] = "G0SECRET1"
    assert stage.look(1)
    assert stage.links.url("#secret") == APP.replace("app=A1", "channel=G0SECRET1")


@pytest.mark.parametrize("channel", ["#ranking", "", "#"])
def test_as_long_as_nothing_is_known_there_is_no_link(channel: str) -> None:
    assert Stage("#ranking").links.url(channel) is None


def test_a_slack_that_does_not_answer_is_asked_again_soon_and_nothing_is_forgotten() -> None:
    stage = Stage("#ranking")
    stage.rooms.silent = True
    assert not stage.look()
    assert not stage.look(SILENT - 1)
    assert len(stage.rooms.looks) == 1
    stage.rooms.silent = False
    assert stage.look(1)
    stage.rooms.silent = True
    assert not stage.look(LASTS)
    assert stage.links.url("#ranking") == NAMED


def test_a_new_channel_in_the_specs_is_looked_up_although_all_others_are_known() -> None:
    stage = Stage("#ranking")
    stage.look()
    stage.channels = ("#ranking", "#search")
    stage.rooms.known["search"] = "C0SEARCH01"
    assert stage.look(AGAIN)
    assert stage.links.url("#search") == NAMED.replace("C0RANKING", "C0SEARCH01")
