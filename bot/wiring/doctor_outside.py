"""What can be wrong with code hosts, registries and webhooks: secrets, permissions, reach."""

from collections.abc import Callable, Iterator
from functools import partial

from bot.clock import SystemClock, monotonic
from bot.config import Settings, secret
from bot.decide.catalog import Catalog
from bot.decide.outside import CodeHost, HostKind, Registry
from bot.entrypoints.terminal import counted
from bot.errors import ConfigError
from bot.notify.checkup import Check, check
from bot.notify.hosts.github import GitHub
from bot.notify.hosts.gitlab import GitLab
from bot.notify.hosts.mlflow import MLflow


def check_outside(settings: Settings, catalog: Catalog) -> Iterator[Check]:
    """Looks without touching; nothing is sent to a webhook."""
    outside = catalog.outside
    for host in outside.hosts.values():
        yield from _secrets(host.name, host.hook_env)
        look = _github if host.kind is HostKind.GITHUB else _gitlab
        yield from look(host)
    for registry in outside.registries.values():
        yield from _secrets(registry.name, registry.hook_env)
        yield from _mlflow(registry)
    for hook in outside.hooks.values():
        yield from _secrets(hook.name, hook.secret_env)
    receives = any(one.hook_env for one in outside.hosts.values())
    receives = receives or any(one.hook_env for one in outside.registries.values())
    if receives and not settings.public_url:
        text = "not set: webhooks come to <it>/hooks/github/NAME, /hooks/gitlab/…, /hooks/mlflow/…"
        yield Check("BURNBAN_PUBLIC_URL", True, text, better=True)


def _secrets(name: str, *variables: str) -> Iterator[Check]:
    for variable in filter(None, variables):
        try:
            found = secret(variable)
        except ConfigError as error:
            yield Check(name, False, str(error.faults[0]))
            continue
        short = len(found) < _SHORTEST
        text = f"{variable} is set" + (": rather short, `openssl rand -hex 32`" if short else "")
        yield Check(name, True, text, better=short)


_SHORTEST = 16


def _github(spec: CodeHost) -> Iterator[Check]:
    api = GitHub(spec, secret, SystemClock().now, monotonic)
    yield check(spec.name, lambda: f"the App {api.app()} answers to {spec.key_env}")
    for place in spec.places:
        yield check(f"{spec.name} {place}", partial(_installed, api, place), _INSTALL)


_INSTALL = (
    "Install the App there, with Actions: read, Deployments: write; for the check Checks: write and"
    " Pull requests: read; for labels Pull requests: read."
)


def _installed(api: GitHub, place: str) -> str:
    installation = api.installation(place)
    count = len(api.waiting(place, installation))
    wait = f"{counted(count, 'deployment')} {'waits' if count == 1 else 'wait'}"
    return f"installed ({installation}); {wait if count else 'no deployments wait'}"


def _gitlab(spec: CodeHost) -> Iterator[Check]:
    api = GitLab(spec, secret, SystemClock().now, monotonic)
    yield check(spec.name, lambda: f"{spec.key_env} is of {api.me()}")
    for rule in spec.rules:
        found = partial(_blocked, api, rule.place, rule.environment)
        yield check(f"{spec.name} {rule.place}", found, "The bot needs the role Developer there.")


def _blocked(api: GitLab, place: str, environment: str) -> str:
    waiting = len(api.blocked(place, environment))
    if not waiting:
        return f"no deployment to {environment} waits"
    return (
        f"{counted(waiting, 'deployment')} to {environment} {'waits' if waiting == 1 else 'wait'}"
    )


def _mlflow(spec: Registry) -> Iterator[Check]:
    api = MLflow(spec, secret, SystemClock().now, monotonic)
    for model in dict.fromkeys(rule.model for rule in spec.rules):
        look: Callable[[], str] = partial(_stands, api, model)
        yield check(f"{spec.name} {model}", look, "Check url and tokenEnv of the MLflow.")


def _stands(api: MLflow, model: str) -> str:
    found = api.model(model)
    stands = [f"@{alias} at {version}" for alias, version in sorted(found.aliases.items())]
    return ", ".join(stands) or "has no alias"
