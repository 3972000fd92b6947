"""What follows where the gate was reached once and is gone: by what its policy said last."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.decide.away import Exit
from bot.decide.catalog import Catalog
from bot.decide.silence import Silence
from bot.ports import Record
from bot.remote.ask import AskGate
from bot.remote.client import Remote
from bot.remote.lease import Lease
from tests.api import question, serving
from tests.flow.conftest import World
from tests.flow.gates import Gates

pytest_plugins = ["tests.record_stores"]


@pytest.fixture
def world(record: Record) -> World:
    return World(record)


def placed(world: World, environment: str, *said: tuple[str, Silence]) -> Catalog:
    """The ranker in an environment, under a policy that says this."""
    catalog = world.catalog()
    ranker = replace(catalog.services["ranker"], environment=environment)
    policies = {name: replace(one, without_answer=said) for name, one in catalog.policies.items()}
    return replace(catalog, services={**catalog.services, "ranker": ranker}, policies=policies)


def after_its_death(world: World, catalog: Catalog, folder: Path, minutes: int = 16) -> Exit:
    """The exit code of a pipeline that kept what a server said, which then died."""
    world.history_of_calm()
    with serving(Gates(world), catalog) as api:
        token = api.token()
        lease = Lease(folder, api.url, token)
        with Remote(api.url, token) as remote:
            ask = AskGate(remote, world.clock.now, no_pause, lease)
            assert ask.run(question()).code is Exit.GOES
            assert lease.keep("ranker", remote.status("ranker"))
        url = api.url
    world.clock.advance(60 * minutes)
    with Remote(url, token) as remote:
        return AskGate(remote, world.clock.now, no_pause, lease).run(question()).code


def no_pause(_: float) -> None:
    raise AssertionError("nobody waits here")


@pytest.mark.parametrize(
    ("environment", "said", "code"),
    [
        ("prod", (), Exit.UNREACHABLE),
        ("staging", (), Exit.GOES),
        ("staging", (("staging", Silence.DENY),), Exit.UNREACHABLE),
        ("canary", (("canary", Silence.ALLOW),), Exit.GOES),
        ("canary", (("staging", Silence.ALLOW),), Exit.UNREACHABLE),
    ],
)
def test_after_the_lease_a_pipeline_does_what_the_policy_last_said(
    world: World,
    tmp_path: Path,
    environment: str,
    said: tuple[tuple[str, Silence], ...],
    code: Exit,
) -> None:
    assert after_its_death(world, placed(world, environment, *said), tmp_path) is code


def test_as_long_as_the_lease_holds_the_policy_is_not_asked_for(
    world: World, tmp_path: Path
) -> None:
    closed = placed(world, "staging", ("staging", Silence.DENY))
    assert after_its_death(world, closed, tmp_path, minutes=14) is Exit.GOES


def test_the_status_says_what_follows_it_where_the_policy_does(world: World) -> None:
    said = placed(world, "canary", ("canary", Silence.ALLOW))
    with serving(Gates(world), said) as api, api.client() as client:
        found = client.get("/gate/status?service=ranker").json()
        assert (found["environment"], found["withoutAnswer"]) == ("canary", "allow")
        assert "withoutAnswer" not in client.get("/gate/status?service=recs").json()
