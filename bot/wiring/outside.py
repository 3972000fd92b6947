"""Code hosts, registries and webhooks, put together: their doors, and what is done again and
again."""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from fastapi import FastAPI

from bot.clock import SystemClock, monotonic
from bot.config import secret
from bot.decide.outside import CodeHost, Hook, HostKind, Registry
from bot.entrypoints.hooks.app import build_calendar, build_hooks
from bot.entrypoints.hooks.parts import HookParts
from bot.entrypoints.scheduler import Tick
from bot.flow.hosts.backstop import LookForMissed
from bot.flow.hosts.checks import VisitChecks
from bot.flow.hosts.deployments import VisitDeployments
from bot.flow.hosts.gitlab import KeepPeriods, VisitBlocked
from bot.flow.hosts.moves import TakeMoves
from bot.flow.hosts.notices import TakeNotices
from bot.flow.hosts.restore import MoveBack
from bot.flow.hosts.ungated import SweepReleases
from bot.flow.hosts.visits import Visits
from bot.flow.tell.hooks import PREFIX, TEMPLATE, TellHooks
from bot.notify.hooks import HookMessenger, HookRenderer
from bot.notify.hosts.github import GitHub
from bot.notify.hosts.gitlab import GitLab
from bot.notify.hosts.mlflow import MLflow
from bot.ports import Messenger, Renderer
from bot.wiring.core import Core

S = TypeVar("S", CodeHost, Registry)
A = TypeVar("A")


class Kept(Generic[S, A]):
    """One adapter for each spec, kept with its tokens as long as the spec stays as it is."""

    def __init__(self, find: Callable[[str], S | None], build: Callable[[S], A]) -> None:
        self._find: Callable[[str], S | None] = find
        self._build: Callable[[S], A] = build
        self._kept: dict[str, tuple[S, A]] = {}

    def get(self, name: str) -> A | None:
        """That of a name; None if the specs have none."""
        spec = self._find(name)
        if spec is None:
            return None
        kept = self._kept.get(name)
        if kept is None or kept[0] != spec:
            kept = self._kept[name] = spec, self._build(spec)
        return kept[1]


def github(spec: CodeHost, core: Core) -> GitHub:
    """An App; its key is read when it is used."""
    return GitHub(spec, secret, core.clock.now, monotonic)


def gitlab(spec: CodeHost, core: Core) -> GitLab:
    """A GitLab."""
    return GitLab(spec, secret, core.clock.now, monotonic)


def mlflow(spec: Registry, core: Core) -> MLflow:
    """An MLflow."""
    return MLflow(spec, secret, core.clock.now, monotonic)


def _of(core: Core, kind: HostKind) -> Callable[[str], CodeHost | None]:
    def find(name: str) -> CodeHost | None:
        found = core.catalog().outside.hosts.get(name)
        return found if found is not None and found.kind is kind else None

    return find


def _moves(core: Core) -> TakeMoves:
    ops = core.settings.ops_channel
    return TakeMoves(core.record, core.clock, core.catalog, _registries(core), ops)


def _registries(core: Core) -> Callable[[str], MLflow | None]:
    def find(name: str) -> Registry | None:
        return core.catalog().outside.registries.get(name)

    return Kept(find, lambda spec: mlflow(spec, core)).get


def with_hooks(
    core: Core, renderer: Renderer, messenger: Messenger
) -> tuple[HookRenderer, HookMessenger]:
    """What the outbox sends by: to Slack, and to the addresses of the specs."""

    def find(name: str) -> Hook | None:
        return core.catalog().outside.hooks.get(name)

    sending = HookMessenger(messenger, PREFIX, find, secret, SystemClock().now)
    return HookRenderer(renderer, TEMPLATE), sending


def sweep(core: Core) -> SweepReleases:
    """Releases that were seen."""
    return SweepReleases(core.record, core.clock, core.catalog, core.settings.ops_channel)


def doors(core: Core) -> Mapping[str, FastAPI]:
    """What answers webhooks and calendars, by where it is mounted."""
    word = core.settings.calendar_secret
    parts = HookParts(
        core.catalog,
        core.clock,
        TakeNotices(core.record, core.clock, core.catalog),
        _moves(core),
        core.survey,
        secret,
        word.get_secret_value() if word else "",
        urlsplit(core.settings.public_url).hostname or "burnban",
    )
    return {"/hooks": build_hooks(parts), "/calendar": build_calendar(parts)}


def outside_ticks(core: Core) -> list[Tick]:
    """Each looks first whether there is anything for it in the specs or the tables."""
    record, clock, catalog = core.record, core.clock, core.catalog
    visits = Visits(record, clock, core.settings.ops_channel)
    hubs = Kept(_of(core, HostKind.GITHUB), lambda spec: github(spec, core))
    labs = Kept(_of(core, HostKind.GITLAB), lambda spec: gitlab(spec, core))
    notices = TakeNotices(record, clock, catalog)
    deployments = VisitDeployments(record, clock, catalog, core.gate.decide, hubs.get, visits)
    checks = VisitChecks(record, clock, catalog, core.gate.status, hubs.get, visits)
    missed = LookForMissed(record, clock, catalog, hubs.get, notices)
    blocked = VisitBlocked(record, clock, catalog, core.gate.decide, labs.get, visits)
    periods = KeepPeriods(record, clock, catalog, labs.get, visits)
    back = MoveBack(record, clock, catalog, _registries(core), visits)
    return [
        Tick("aliases back", 5.0, back.run),
        Tick("github deployments", 1.0, deployments.run),
        Tick("github checks", 2.0, checks.run),
        Tick("github missed", 15.0, missed.run),
        Tick("webhooks", 1.0, TellHooks(record, clock, catalog).run),
        Tick("gitlab deployments", 5.0, blocked.run),
        Tick("gitlab periods", 15.0, periods.run),
        Tick("registries", 10.0, _moves(core).run),
        Tick("sightings", 30.0, sweep(core).run),
    ]
