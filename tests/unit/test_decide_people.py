"""Who may act at all."""

import pytest

from bot.decide.people import Group, Person
from tests.builders import person


def test_a_full_member_of_the_workspace_is_no_outsider() -> None:
    assert person("ada").outsider is None


@pytest.mark.parametrize(
    "who",
    [
        person("bo", bot=True),
        person("gus", guest=True),
        person("del", deleted=True),
        person("sam", stranger=True),
    ],
)
def test_bots_guests_strangers_and_the_deactivated_are_outsiders(who: Person) -> None:
    assert who.outsider


def test_a_group_of_nobody_is_empty() -> None:
    assert not Group()
    assert Group(usergroups=("S1",))
    assert Group(users=("U1",))
