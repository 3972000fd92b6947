"""From verdicts to the plain facts that messages and evidence are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.decide.scope import Reach, Scope
from bot.judge.indicator import Indicator
from bot.judge.ledger import Spend
from bot.judge.objective import Calendar, Objective, Window
from bot.judge.verdict import Burn, Firing, Kind, Verdict

Facts = dict[str, Any]


def epoch(at: datetime | None) -> int | None:
    """Whole seconds since 1970."""
    return None if at is None else int(at.timestamp())


def number(value: Fraction | None) -> float | None:
    """A fraction as JSON takes it."""
    return None if value is None else float(value)


def burn_facts(burn: Burn) -> Facts:
    """One window: rate, length, counts, how much of it was seen; `known`: seconds of it that are on
    record at all, where the account is younger."""
    return {
        "rate": number(burn.rate),
        "seconds": burn.seconds,
        "known": min(burn.seconds, burn.spend.until - burn.spend.since),
        "bad": burn.spend.bad,
        "eligible": burn.spend.eligible,
        "coverage": float(burn.coverage),
    }


def loudest(verdict: Verdict) -> Firing | None:
    """The firing alert that speaks for the verdict: the loudest, then the fastest."""
    ranked = sorted(verdict.firing, key=lambda f: (-f.alert.severity.rank, f.alert.long))
    return ranked[0] if ranked else None


def verdict_facts(objective: Objective, verdict: Verdict) -> Facts:
    """What every message about an objective can draw on."""
    found = loudest(verdict)
    spend = verdict.spend
    eligible = spend.eligible if spend else 0.0
    bad = spend.bad if spend else 0.0
    return {
        "service": objective.service,
        "objective": objective.id,
        "title": objective.title or objective.name,
        "severity": "exhausted" if verdict.kind is Kind.EXHAUSTED else str(verdict.severity or ""),
        "verdict": str(verdict.kind),
        "reasons": [reason.text for reason in verdict.reasons],
        "as_of": epoch(verdict.as_of),
        "label_delay": objective.label_delay or None,
        "spent_recent": number(verdict.share_of(found.long.spend)) if found else None,
        "recent_span": _recent_span(found, verdict.spend) if found and verdict.spend else None,
        "left": number(verdict.left),
        "exhausts_in": verdict.exhausts_in,
        "exhausts_over": verdict.exhausts_over,
        "burn_long": burn_facts(found.long) if found else None,
        "burn_short": burn_facts(found.short) if found else None,
        "threshold": number(found.threshold) if found else None,
        "sli": 1 - bad / eligible if eligible else None,
        "target": float(objective.target),
        "window": window_words(objective.window),
        "bad": bad,
        "eligible": eligible,
        "coverage": float(verdict.coverage),
        "adjusted": adjusted_facts(verdict),
    }


def adjusted_facts(verdict: Verdict) -> Facts | None:
    """What people took out of the window, and the figures with it; None if they took out
    nothing."""
    if verdict.counted is None:
        return None
    return {
        "seconds": verdict.taken,
        "left": number(verdict.unadjusted),
        "bad": verdict.counted.bad,
        "eligible": verdict.counted.eligible,
    }


def _recent_span(found: Firing, window: Spend) -> int:
    """Seconds in which the share went: no longer than the account or its budget window is old."""
    known = (found.long.spend, window)
    return min(found.alert.long, *(spend.until - spend.since for spend in known))


def windows(objective: Objective, verdict: Verdict) -> list[Facts]:
    """Every window that was looked at, with the lowest threshold that it stands for."""
    rows = []
    for burn in verdict.burns:
        limits = [
            alert.threshold(objective.window_seconds)
            for alert in objective.alerts
            if burn.seconds in (alert.long, alert.short)
        ]
        rows.append(burn_facts(burn) | {"threshold": number(min(limits, default=None))})
    return rows


def status_row(objective: Objective, verdict: Verdict) -> Facts:
    """One objective in `burnban status --json`: see the README for the meaning of each field."""
    spend = verdict.spend
    return {
        "service": objective.service,
        "objective": objective.name,
        "target": float(objective.target),
        "window": objective.window.text,
        "eligible": spend.eligible if spend else None,
        "bad": spend.bad if spend else None,
        "remaining": number(verdict.remaining),
        "projected": number(verdict.projected),
        "since": datetime.fromtimestamp(spend.since, UTC).isoformat() if spend else None,
        "burn": {short_span(burn.seconds): number(burn.rate) for burn in verdict.burns},
        "coverage": float(verdict.coverage),
        "verdict": str(verdict.kind),
        "severity": str(verdict.severity) if verdict.severity else None,
        "reasons": [{"code": str(r.code), "text": r.text} for r in verdict.reasons],
        "as_of": verdict.as_of.isoformat() if verdict.as_of else None,
        "label_delay": objective.label_delay,
        "adjusted": adjusted_facts(verdict),
    }


def evidence(objective: Objective, verdict: Verdict, source: str) -> Facts:
    """What a decision rests on: counts, windows, thresholds, source. Nothing is rounded."""
    spend = verdict.spend
    return {
        **status_row(objective, verdict),
        "source": source,
        "query": indicator_facts(objective.indicator),
        "since": spend.since if spend else None,
        "until": spend.until if spend else None,
        "alerts": [
            {
                "spend": str(f.alert.spend),
                "threshold": str(f.threshold),
                "severity": str(f.alert.severity),
                "long": burn_facts(f.long),
                "short": burn_facts(f.short),
            }
            for f in verdict.firing
        ],
    }


def indicator_facts(indicator: Indicator) -> Facts:
    """What is asked of the source, field by field; nothing that is not set."""
    found = {
        field.name: getattr(indicator, field.name)
        for field in fields(indicator)
        if getattr(indicator, field.name) is not None
    }
    return {key: str(v) if isinstance(v, Fraction) else v for key, v in found.items()}


def freeze_evidence(freeze: Freeze) -> Facts:
    """What a row about the beginning of a freeze says of it, for whoever counts its hours."""
    return {
        "freeze": freeze.id,
        "origin": str(freeze.origin),
        "effect": str(freeze.effect),
        "monitored": freeze.monitored,
        "since": freeze.starts_at.isoformat(),
        "until": freeze.ends_at.isoformat() if freeze.ends_at else None,
    }


def window_words(window: Window) -> str:
    """A budget's window as people say it: `28 days`, `the month`, `2 quarters`."""
    if isinstance(window, Calendar):
        unit = window.unit.name.lower()
        return f"the {unit}" if window.count == 1 else f"{window.count} {unit}s"
    sizes = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
    size, unit = next(found for found in sizes if window.seconds % found[0] == 0)
    count = window.seconds // size
    return f"{count} {unit}" + ("s" if count != 1 else "")


def short_span(seconds: int) -> str:
    """`5m`, `1h`, `3d`: the key of a window."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def scope_words(scope: Scope) -> str:
    """A scope as people say it."""
    match scope.reach:
        case Reach.ALL:
            return "everything"
        case Reach.TEAM:
            return f"team {scope.name}"
        case Reach.ENVIRONMENT:
            return f"environment {scope.name}"
        case Reach.MODEL:
            return f"model {scope.name} in every environment"
        case Reach.LABELS:
            return f"services with {scope.name.replace(',', ' and ')}"
        case Reach.SERVICE:
            return f"service {scope.name}"


def place_words(text: str) -> str:
    """What a decision is about, as people say it: a scope, or the source of an outage."""
    kind, _, name = text.partition(":")
    return f"source {name}" if kind == "source" else scope_words(Scope.parse(text))


def covering(
    catalog: Catalog, freezes: Sequence[Freeze], service: str, now: datetime
) -> list[Freeze]:
    """The freezes in force, of every effect, that reach a service now."""
    return [f for f in freezes if f.in_force(now) and catalog.covers(f.scope, service)]


def channel_of(catalog: Catalog, service: str, ops: str) -> str:
    """Where the team of a service listens; the operators' channel if it has none."""
    team = catalog.team_of(service)
    return team.channel if team is not None and team.channel else ops


def channels_of(catalog: Catalog, scope: Scope, ops: str) -> list[str]:
    """The channels that hear about a scope: its teams' own; the operators' if there is none, or if
    it is everything."""
    found = [team.channel for team in catalog.teams_in(scope) if team.channel]
    wide = scope.reach is Reach.ALL or not found
    return list(dict.fromkeys([*found, *([ops] if ops and wide else [])]))


def asked_in(catalog: Catalog, scope: Scope, ops: str) -> list[str]:
    """The channels in which a request about a scope is put before its deciders: its team's; about
    everything, the operators', or else that of each team."""
    if scope.reach is Reach.ALL:
        return [ops] if ops else channels_of(catalog, scope, ops)
    return channels_of(catalog, scope, ops)[:1]


def services_of(catalog: Catalog, scope: Scope) -> list[str]:
    """Names of the services that a scope reaches."""
    return sorted(name for name in catalog.services if catalog.covers(scope, name))


def shortlist(names: Sequence[str], most: int = 4) -> str:
    """`a and b`, `a, b and 3 more`."""
    rest = len(names) - most
    parts = [*names[:most], *([f"{rest} more"] if rest > 0 else [])]
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def merge(*parts: Mapping[str, Any]) -> Facts:
    """Later parts win."""
    whole: Facts = {}
    for part in parts:
        whole.update(part)
    return whole
