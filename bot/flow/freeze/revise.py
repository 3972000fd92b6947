"""A freeze becomes another one: what it was is kept, recorded and told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.decide.approval import Request, Vote
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.edit import former
from bot.decide.freeze import Freeze
from bot.decide.people import Actor
from bot.flow.facts import Facts
from bot.flow.freeze.tell import tell_edit
from bot.ports import Books


def revise(
    books: Books,
    catalog: Catalog,
    ops: str,
    freeze: Freeze,
    wanted: Freeze,
    by: Actor,
    why: str,
    now: datetime,
    votes: Sequence[Vote] = (),
    evidence: Mapping[str, Any] | None = None,
) -> Freeze | None:
    """Give a freeze the reason and the end of `wanted`. `by`: who asked for it; the last of the
    votes, if it took any, decided it. None if it is over, or another edit came before."""
    kept = former(freeze, by, why, now)
    if not books.freezes.edit(freeze.id, kept, wanted.reason, wanted.ends_at):
        return None
    changed = replace(wanted, version=freeze.version + 1)
    facts = {"freeze": freeze.id, "before": _said(freeze), "after": _said(changed)}
    decider = votes[-1].voter if votes else by
    version = catalog.policy_for(freeze.scope).version
    whole = {**(evidence or {}), **facts}
    books.history.append(
        Decision(Event.FREEZE_EDITED, now, decider, str(freeze.scope), why, whole, version)
    )
    tell_edit(books, catalog, ops, changed, kept, votes, now)
    return changed


def carry_out(
    books: Books,
    catalog: Catalog,
    ops: str,
    request: Request,
    votes: Sequence[Vote],
    evidence: Mapping[str, Any],
    now: datetime,
) -> None:
    """An edit was approved."""
    for number in request.freezes:
        freeze = books.freezes.get(number)
        if freeze is None:
            continue
        wanted = replace(freeze, ends_at=request.until)
        by, why = request.requester, request.reason
        revise(books, catalog, ops, freeze, wanted, by, why, now, votes, evidence)


def _said(freeze: Freeze) -> Facts:
    until = freeze.ends_at.isoformat() if freeze.ends_at else None
    return {"version": freeze.version, "reason": freeze.reason, "until": until}
