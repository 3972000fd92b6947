"""Code hosts (GitHub, GitLab), registries of models (MLflow), and Webhooks that are told. Their
secrets are named, never written."""

from collections.abc import Callable, Collection
from typing import TypeVar

from bot.decide.change import ChangeKind
from bot.decide.outside import CodeHost, Deploys, Hook, HostKind, Outside, Registry, Serves, Topic
from bot.spec.address import address
from bot.spec.alert_objects import spec_of
from bot.spec.clusters import read_cluster
from bot.spec.connection import variable
from bot.spec.documents import Document
from bot.spec.index import Index
from bot.spec.spot import Record, Spot, listing, nearest, record, shorten, table
from bot.spec.values import choice, flag, several, text

T = TypeVar("T")
_CLEAR = {
    "token": "tokenEnv: GITLAB_TOKEN",
    "privateKey": "privateKeyEnv: GITHUB_APP_KEY",
    "webhookSecret": "webhookSecretEnv: GITHUB_WEBHOOK_SECRET",
    "secret": "secretEnv: WEBHOOK_SECRET",
}
_RULE = "[{repository: acme/ranker, environment: prod, services: ranker}]"
_MODEL = "[{model: ranker, alias: champion, services: ranker}]"


def read_outside(index: Index, services: Collection[str]) -> Outside:
    """All of them. `services`: those that there are."""
    reader = _Reader(services)
    hosts = [reader.github(document) for document in index.all("GitHub")]
    hosts += [reader.gitlab(document) for document in index.all("GitLab")]
    registries = [reader.mlflow(document) for document in index.all("MLflow")]
    hooks = [_hook(document) for document in index.all("Webhook")]
    clusters = [read_cluster(document, services) for document in index.all("Cluster")]
    return Outside(
        {one.name: one for one in hosts if one is not None},
        {one.name: one for one in registries if one is not None},
        {one.name: one for one in hooks if one is not None},
        {one.name: one for one in clusters if one is not None},
    )


class _Reader:
    def __init__(self, services: Collection[str]) -> None:
        self._services = services

    def github(self, document: Document) -> CodeHost | None:
        """A GitHub App."""
        fields = ("appId", "privateKeyEnv", "webhookSecretEnv", "check", "repositories")
        spec = _spec(document, "url", "labels", *fields)
        if spec is None:
            return None
        app = spec.need("appId", text, 'appId: "123456"')
        key = spec.need("privateKeyEnv", variable, _CLEAR["privateKey"])
        hook = spec.need("webhookSecretEnv", variable, _CLEAR["webhookSecret"])
        rules = self._rules(spec, "repositories", "repository")
        url = _or(spec, "url", "https://api.github.com")
        if not (document.name and url and app and key and hook and rules):
            return None
        check = spec.read("check", text) or ""
        return CodeHost(
            document.name, HostKind.GITHUB, url, rules, hook, key, app, check,
            labels=_labels(spec), where=document.head.where,
        )  # fmt: skip

    def gitlab(self, document: Document) -> CodeHost | None:
        """A GitLab."""
        fields = ("tokenEnv", "webhookSecretEnv", "approveAs", "freezePeriods", "projects")
        spec = _spec(document, "url", "labels", *fields)
        if spec is None:
            return None
        key = spec.need("tokenEnv", variable, _CLEAR["token"])
        rules = self._rules(spec, "projects", "project")
        url = _or(spec, "url", "https://gitlab.com")
        if not (document.name and url and key and rules):
            return None
        return CodeHost(
            document.name, HostKind.GITLAB, url, rules,
            spec.read("webhookSecretEnv", variable) or "", key,
            acts_as=spec.read("approveAs", text) or "",
            periods=bool(spec.read("freezePeriods", flag)),
            labels=_labels(spec),
            where=document.head.where,
        )  # fmt: skip

    def mlflow(self, document: Document) -> Registry | None:
        """An MLflow."""
        spec = _spec(document, "url", "tokenEnv", "webhookSecretEnv", "models")
        if spec is None:
            return None
        url = spec.need("url", _url, "url: https://mlflow.example.com")
        rows = spec.need("models", listing, f"models: {_MODEL}") or []
        rules = _all(rows, self._serves)
        if not (document.name and url and rules):
            return None
        hook = spec.read("webhookSecretEnv", variable) or ""
        key = spec.read("tokenEnv", variable) or ""
        return Registry(document.name, url, rules, hook, key, document.head.where)

    def _rules(self, spec: Record, field: str, word: str) -> tuple[Deploys, ...]:
        rows = spec.need(field, listing, f"{field}: {_RULE.replace('repository', word)}") or []

        def read(spot: Spot) -> Deploys | None:
            row = record(spot, word, "environment", "services")
            if row is None:
                return None
            place = row.need(word, _place, f"{word}: acme/ranker")
            environment = row.need("environment", text, "environment: prod")
            services = self._named(row)
            if not (place and environment and services):
                return None
            return Deploys(place, environment, services)

        return _all(rows, read)

    def _serves(self, spot: Spot) -> Serves | None:
        row = record(spot, "model", "alias", "stage", "services", "moveBack")
        if row is None:
            return None
        model = row.need("model", text, "model: ranker")
        alias, stage = row.read("alias", text) or "", row.read("stage", text) or ""
        if bool(alias) == bool(stage):
            spot.fault("Either an alias or a stage releases a model.", "Write alias: champion.")
            return None
        back = row.get("moveBack")
        if back is not None and stage:
            back.fault("Only an alias can be moved back.", "Leave it out, or name an alias.")
        restore = row.read("moveBack", choice({"ask": True, "never": False})) or False
        services = self._named(row)
        if model is None or not services:
            return None
        return Serves(model, services, alias, stage, restore)

    def _named(self, row: Record) -> tuple[str, ...]:
        return row.need("services", lambda spot: several(spot, self._service), "services: x") or ()

    def _service(self, spot: Spot) -> str | None:
        found = text(spot)
        if found is not None and found not in self._services:
            spot.fault(f"There is no service `{shorten(found)}`.", nearest(found, self._services))
            return None
        return found


def _labels(spec: Record) -> tuple[tuple[str, ChangeKind], ...]:
    """Labels and the kinds of change that they mean."""
    spot = spec.get("labels")
    rows = table(spot) if spot is not None else None
    kind = choice({str(one): one for one in ChangeKind})
    pairs = ((label, kind(each)) for label, each in rows.items()) if rows is not None else ()
    return tuple((label, found) for label, found in pairs if found is not None)


def _hook(document: Document) -> Hook | None:
    spec = _spec(document, "url", "secretEnv", "events")
    if spec is None:
        return None
    url = spec.need("url", _url, "url: https://example.com/burnban")
    secret = spec.need("secretEnv", variable, _CLEAR["secret"])
    words = choice({str(topic): topic for topic in Topic})
    topics = spec.read("events", lambda spot: several(spot, words))
    if not (document.name and url and secret):
        return None
    wanted = frozenset(topics) if topics else frozenset(Topic)
    return Hook(document.name, url, secret, wanted, document.head.where)


def _spec(document: Document, *fields: str) -> Record | None:
    spec = spec_of(document, "description", *fields, *_CLEAR)
    for field, instead in _CLEAR.items():
        spot = spec.get(field) if spec is not None else None
        if spot is not None:
            problem = f"`{field}` would stand here in clear text."
            spot.fault(problem, f"Name an environment variable: {instead}.")
    return spec


def _all(rows: Collection[Spot], read: Callable[[Spot], T | None]) -> tuple[T, ...]:
    return tuple(found for spot in rows if (found := read(spot)) is not None)


def _or(spec: Record, field: str, default: str) -> str | None:
    return spec.read(field, _url) if spec.get(field) is not None else default


def _place(spot: Spot) -> str | None:
    found = text(spot)
    parts = found.split("/") if found else []
    if found and (
        len(parts) < 2 or not all(parts) or ".." in parts or any(c in found for c in " ?#")
    ):
        spot.fault(f"`{shorten(found)}` is no repository.", "Write it like acme/ranker.")
        return None
    return found


def _url(spot: Spot) -> str | None:
    """Where secrets are sent, or what they sign."""
    remedy = "Write https://… without a user (http:// only on this machine)."
    found = address(spot, "Nothing secret can be sent to this address.", remedy, query=True)
    return found and found.rstrip("/")
