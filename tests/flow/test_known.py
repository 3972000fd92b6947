"""What the specs say about services that somebody asks the gate about."""

from dataclasses import replace

import pytest

from bot.decide.catalog import Catalog
from bot.decide.policy import DEFAULT, Mode
from bot.decide.service import Service
from bot.flow.gate.known import Known, Standing


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("rankr", ["ranker", "ranker-eu", "ranker-us"]),
        ("rces", ["recs"]),
        ("ranker-b", ["ranker", "ranker-eu", "ranker-us"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_a_service_that_does_not_exist_is_met_with_the_likest_names_that_do(
    name: str, near: list[str]
) -> None:
    names = ("recs", "ranker", "ranker-eu", "ranker-us", "checkout")
    specs = Known(Catalog(services={name: Service(name, name, "search") for name in names}))
    found = specs.circumstances(name, Standing.of([]), []).near
    assert list(found) == near


def test_a_service_that_does_not_exist_comes_under_the_default_policy_by_whatever_name() -> None:
    org = replace(DEFAULT, name="org", mode=Mode.MONITOR)
    assert Known(Catalog(policies={"default": DEFAULT}, otherwise=org)).policy("rankr") == org
