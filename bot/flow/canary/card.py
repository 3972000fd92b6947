"""The message that proposes to take a release back, edited as it is decided and carried out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.decide.approval import Request, RequestState, Vote
from bot.decide.canary import backs
from bot.decide.catalog import Catalog
from bot.decide.outside import Topic
from bot.decide.quorum import APPROVERS, DECIDERS, ON_CALL
from bot.flow.ask.ballot import ballot_facts
from bot.flow.facts import Facts, epoch, scope_words
from bot.flow.mention import whom

SHOWN = 5
"""Objectives that the message names one by one."""


def card(catalog: Catalog, request: Request, votes: Sequence[Vote], now: datetime) -> Facts:
    """What `rollback` says of a request."""
    on_call = whom(catalog, request.scope, (ON_CALL,))
    ballot = ballot_facts(catalog, request, votes)
    state = request.state(now)
    asked = on_call if state is RequestState.PENDING and not request.escalated_at else []
    return (
        proposal(catalog, request.evidence)
        | ballot
        | {
            "ask": asked or ballot["ask"],
            "also": _also(catalog, request, asked) if asked else [],
            "request": request.id,
            "state": str(state),
            "expires": epoch(request.expires_at),
            "word": catalog.word(request.scope),
            "scope": scope_words(request.scope),
            "by_itself": state is RequestState.APPROVED and not votes,
        }
    )


def _also(catalog: Catalog, request: Request, asked: Sequence[str]) -> list[str]:
    """The groups who may decide as well and are not woken for it."""
    groups = [APPROVERS if one == DECIDERS else one for one in request.quorum.groups]
    return [one for one in groups if set(whom(catalog, request.scope, (one,))) - set(asked)]


def proposal(catalog: Catalog, evidence: Mapping[str, Any]) -> Facts:
    """What is known without anybody's vote. `actions`: what approval sets going, in words."""
    rows = list(evidence["rows"])
    facts = {name: value for name, value in evidence.items() if name != "rows"}
    actions = actions_of(catalog, str(evidence["service"]), facts)
    return {**facts, "rows": rows[:SHOWN], "more": max(0, len(rows) - SHOWN), "actions": actions}


def actions_of(catalog: Catalog, service: str, said: Mapping[str, Any]) -> list[str]:
    """What the specs let Burnban do about it, to follow "then"."""
    outside = catalog.outside
    moved = [
        f"MLflow {back.registry} moves {back.model} @{back.alias} from {said['release']} to"
        f" {said['to']}, if it stands there"
        for back in backs(outside.registries, service)
    ]
    called = [
        f"the webhook {hook.name} is told to do it"
        for hook in outside.hooks.values()
        if Topic.ROLLBACK in hook.topics
    ]
    return [*moved, *called]
