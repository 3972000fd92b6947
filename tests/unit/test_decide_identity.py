"""One person under several names is one person."""

import pytest

from bot.decide.identity import Identities, Identity

ADA = Identity(("U0ADA", "U0ADA2", "email:ada@example.com", "github:ada", "terminal:ada"))
BEN = Identity(("U0BEN", "email:ben@example.com"))
PEOPLE = Identities.of([ADA, BEN])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("U0ADA", "U0ADA", True),
        ("U0ADA", "U0ADA2", True),
        ("U0ADA", "github:ada", True),
        ("github:Ada", "terminal:ada", True),
        ("gitlab:Eve", "gitlab:eve", True),
        ("email:ADA@Example.com", "U0ADA2", True),
        ("U0ADA", "U0BEN", False),
        ("github:ben", "U0BEN", False),
        ("email:ben@example.com", "email:ada@example.com", False),
        ("U0EVE", "U0EVE", True),
        ("GitHub", "github", False),
        ("github:eve", "github:EVE", True),
        ("terminal:eve", "terminal:EVE", False),
        ("U0EVE", "terminal:eve", False),
        ("", "U0ADA", False),
    ],
)
def test_two_ids_are_one_person_if_the_map_says_so(one: str, other: str, same: bool) -> None:
    assert PEOPLE.same_person(one, other) is same
    assert PEOPLE.same_person(other, one) is same


def test_without_a_map_everybody_is_only_themselves() -> None:
    nobody = Identities()
    assert nobody.person_of("U0ADA") is None
    assert nobody.same_person("U0ADA", "U0ADA")
    assert not nobody.same_person("U0ADA", "U0BEN")


def test_a_person_is_found_by_each_of_their_ids() -> None:
    assert PEOPLE.person_of("github:ADA") is ADA
    assert PEOPLE.person_of("U0BEN") is BEN
    assert PEOPLE.person_of("U0EVE") is None


def test_a_person_has_ids_in_slack_and_others() -> None:
    assert ADA.slack == ("U0ADA", "U0ADA2")
    assert ADA.beside("U0ADA") == "U0ADA2 email:ada@example.com github:ada terminal:ada"
    assert BEN.beside("email:BEN@example.com") == "U0BEN"
