"""Pipelines: CI systems that vouch for their own runs, and what these may ask the gate."""

import re
from collections.abc import Callable, Collection
from typing import TypeVar

from bot.decide.caller import ALL, Rights
from bot.decide.change import ChangeKind
from bot.decide.pipeline import Pipeline, PipelineRule, System
from bot.spec.address import address
from bot.spec.alert_objects import spec_of
from bot.spec.documents import Document
from bot.spec.spot import Record, Spot, itself, listing, nearest, record, shorten
from bot.spec.values import choice, flag, several, text

T = TypeVar("T")

GITHUB = "https://token.actions.githubusercontent.com"
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}(?:/[A-Za-z0-9_.-]{1,100}){1,20}")
_REF = re.compile(r"refs/(?:heads|tags)/[!-~]{1,200}")
_RULE = "rules: [{repository: acme/ranker, services: [ranker]}]"


def read_pipeline(document: Document, services: Collection[str]) -> Pipeline | None:
    """One issuer and its rules. `services`: those there are."""
    spec = spec_of(document, "description", "system", "issuer", "audience", "rules")
    if spec is None:
        return None
    systems = {str(one): one for one in System}
    system = spec.need("system", choice(systems), "system: github, or gitlab")
    issuer = _issuer_of(spec, system)
    audience = spec.read("audience", text) if spec.get("audience") is not None else "burnban"
    spots = spec.need("rules", listing, _RULE) or []
    rules = tuple(rule for spot in spots if (rule := _rule(spot, services)) is not None)
    if not (document.name and system and issuer and audience and rules):
        return None
    return Pipeline(document.name, system, issuer, audience, rules, document.head.where)


def _issuer_of(spec: Record, system: System | None) -> str | None:
    if system is System.GITHUB and spec.get("issuer") is None:
        return GITHUB
    return spec.need("issuer", _issuer, "issuer: https://gitlab.example.com")


def _issuer(spot: Spot) -> str | None:
    """Whose keys are fetched."""
    remedy = "Write it as the identity says it: https://gitlab.example.com."
    return address(spot, "This is not an issuer whose keys could be believed.", remedy)


def _rule(spot: Spot, services: Collection[str]) -> PipelineRule | None:
    fields = record(
        spot, "repository", "environments", "refs", "services", "claims", "read"
    )  # fmt: skip
    if fields is None:
        return None
    repository = fields.need("repository", _repository, "repository: acme/ranker")
    wanted = fields.need("services", itself, "services: [ranker]")
    decides = several(wanted, _service(services)) if wanted is not None else ()
    kinds = {ALL, *map(str, ChangeKind)}
    claims = _all(fields, "claims", choice({kind: kind for kind in kinds}))
    rights = Rights(frozenset(decides), frozenset(claims), bool(fields.read("read", flag)))
    if repository is None or not decides:
        return None
    return PipelineRule(
        repository, rights, _all(fields, "environments", text), _all(fields, "refs", _ref)
    )


def _all(fields: Record, name: str, how: Callable[[Spot], T | None]) -> tuple[T, ...]:
    return fields.read(name, lambda spot: several(spot, how)) or ()


def _repository(spot: Spot) -> str | None:
    found = text(spot)
    if found is not None and not _REPOSITORY.fullmatch(found):
        spot.fault(f"`{shorten(found)}` names no repository.", "Write it like acme/ranker.")
        return None
    return found


def _ref(spot: Spot) -> str | None:
    found = text(spot)
    if found is not None and not _REF.fullmatch(found):
        remedy = "Write refs/heads/main, or refs/tags/v1."
        spot.fault(f"`{shorten(found)}` names no branch or tag.", remedy)
        return None
    return found


def _service(services: Collection[str]) -> Callable[[Spot], str | None]:
    def read(spot: Spot) -> str | None:
        found = text(spot)
        if found is None or found == ALL or found in services:
            return found
        spot.fault(f"There is no service `{shorten(found)}`.", nearest(found, services))
        return None

    return read
