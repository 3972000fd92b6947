"""The parts that know people: Slack, PagerDuty, and what the specs say of both."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from slack_sdk import WebClient

from bot.clock import monotonic
from bot.config import secret
from bot.decide.catalog import Catalog, PagerSpec
from bot.decide.people import Rota
from bot.entrypoints.manifest import SCOPES
from bot.flow.tell.remembered import Remembered
from bot.notify.checkup import Check, check_slack
from bot.notify.checkup_rotas import check_rotas
from bot.notify.directory import SlackDirectory
from bot.notify.oncall import OnCallDirectory
from bot.notify.pagerduty import PagerDuty
from bot.ports import Directory


def live(
    client: WebClient, catalog: Callable[[], Catalog], now: Callable[[], datetime]
) -> OnCallDirectory:
    """Asks each time: for whatever is decided on the answer."""
    return OnCallDirectory(SlackDirectory(client, now), catalog, pager, now)


def remembered(directory: Directory) -> Remembered:
    """Asks every five minutes: for what is shown."""
    return Remembered(directory, monotonic)


def pager(spec: PagerSpec) -> PagerDuty:
    """An account; its key is read when it is asked."""
    return PagerDuty(spec, secret, monotonic=monotonic)


def check_workspace(
    client: WebClient, directory: Directory, catalog: Catalog, channels: Collection[str]
) -> Iterator[Check]:
    """What can be wrong with Slack and with the rotas; of a Slack that does not even know us, one
    line is enough."""
    groups = {f"team {name}": team.deciders for name, team in catalog.teams.items()}
    answered = False
    for line in check_slack(client, directory, SCOPES, channels, groups):
        answered = answered or line.ok
        yield line
    if answered:
        yield from check_people(directory, catalog)


def check_people(directory: Directory, catalog: Catalog) -> Iterator[Check]:
    """A line for each account and each rota that decides anything."""
    keepers = {name: pager(spec) for name, spec in catalog.pagers.items()}
    yield from check_rotas(directory, list(dict.fromkeys(_rotas(catalog))), keepers)


def _rotas(catalog: Catalog) -> Iterator[Rota]:
    for team in catalog.teams.values():
        for group in (team.on_call, team.approvers, *team.groups.values()):
            for step in group.steps:
                yield from step.rotas
