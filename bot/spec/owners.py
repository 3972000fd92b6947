"""Services, and the teams that own them.

A service need not be declared: an SLO that names it is enough. What is said of it more than once
must agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.decide.catalog import Team
from bot.decide.service import Service
from bot.spec.alert_objects import spec_of
from bot.spec.documents import PREFIX, Document
from bot.spec.index import Index
from bot.spec.people import Roster
from bot.spec.slo import Slo
from bot.spec.spot import Spot, nearest, shorten
from bot.spec.values import name

_PLAIN = {"team": ("team",), "environment": ("environment", "env"), "model": ("model",)}
"""Labels without our prefix that say the same, where they have one value."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Services and teams as read."""

    services: Mapping[str, Service]
    teams: Mapping[str, Team]


def read_owners(index: Index, slos: Iterable[Slo], rosters: Iterable[Roster]) -> Owners:
    """All services, declared or only named by an SLO, each with its team."""
    for document in index.all("Service"):
        if document.spec is not None:
            spec_of(document, "description")
    teams = {roster.team.name: roster.team for roster in rosters}
    spoken = _documents_by_service(index, slos)
    claims = _claims(rosters, spoken)
    services = {}
    for called, documents in spoken.items():
        said = {mark: _said(mark, documents) for mark in _PLAIN}
        services[called] = Service(
            called,
            documents[0].title if documents[0].kind == "Service" else called,
            _team(said["team"], claims.get(called), teams, index.names("Team")),
            _word(said["environment"]),
            _word(said["model"]),
            _labels(documents),
        )
    return Owners(services, teams)


def _documents_by_service(index: Index, slos: Iterable[Slo]) -> dict[str, list[Document]]:
    """Per service: its own document, if there is one, and those of its SLOs."""
    found: dict[str, list[Document]] = {}
    for called in index.names("Service"):
        document = index.get("Service", called)
        found[called] = [document] if document is not None else []
    slips = {slip: called for called in found for slip in _slips(called)}
    for slo in slos:
        if slo.service is None:
            continue
        if slo.service not in found:
            _refuse_slip(slo.at, slo.service, slips)
        found.setdefault(slo.service, []).append(slo.document)
    return found


def _refuse_slip(spot: Spot, called: str, slips: Mapping[str, str]) -> None:
    """A name one letter away from a declared one is a slip; other digits (v1, v2) are none."""
    near = next((slips[slip] for slip in _slips(called) if slip in slips), None)
    if near is not None and _letters(near) != _letters(called):
        spot.fault(
            f"There is no Service `{called}`, but there is `{near}`.",
            f"Write `{near}`, or add a Service `{called}`.",
        )


def _slips(called: str) -> list[str]:
    """The name, and the name without each of its letters: two names that share one of these differ
    by a letter that is missing, too many, another, or swapped with its neighbour."""
    if len(called) < 4:
        return [called]
    return [called, *(called[:i] + called[i + 1 :] for i in range(len(called)))]


def _letters(called: str) -> str:
    return "".join(letter for letter in called if not letter.isdigit())


def _said(mark: str, documents: list[Document]) -> tuple[str, Spot | None] | None:
    """What labels and annotations say, ours before plain ones, the Service before its SLOs."""
    found: tuple[str, Spot] | None = None
    for document in documents:
        spot = document.marks.get(mark)
        value = name(spot) if spot is not None else None
        if spot is None or value is None:
            continue
        if found is not None and value != found[0]:
            problem = f"`{PREFIX}{mark}` is `{value}` here, and `{found[0]}` at {found[1].where}."
            spot.fault(problem, "Say it once, at the Service.")
        found = found or (value, spot)
    if found is not None:
        return found
    for document in documents:
        for label in _PLAIN[mark]:
            values = document.labels.get(label, ())
            if len(values) == 1 and values[0]:
                return values[0], document.head if mark == "team" else None
    return None


def _word(said: tuple[str, Spot | None] | None) -> str:
    return said[0] if said else ""


def _labels(documents: list[Document]) -> frozenset[tuple[str, str]]:
    """The labels of the Service itself; those of its SLOs say something of one objective each."""
    own = (document for document in documents if document.kind == "Service")
    return frozenset(
        (key, value)
        for document in own
        for key, values in document.labels.items()
        for value in values
        if not key.startswith(PREFIX)
    )


def _claims(
    rosters: Iterable[Roster], spoken: Mapping[str, list[Document]]
) -> dict[str, tuple[str, Spot]]:
    """Service to the team that lists it."""
    found: dict[str, tuple[str, Spot]] = {}
    for roster in rosters:
        for called, spot in roster.services:
            known_service(called, spot, spoken)
            first = found.setdefault(called, (roster.team.name, spot))
            if first[0] != roster.team.name:
                problem = f"The Team `{first[0]}` lists `{called}` already, at {first[1].where}."
                spot.fault(problem, "A service has one team.")
    return found


def known_service(called: str, spot: Spot, services: Iterable[str]) -> None:
    """A list names services that exist."""
    names = list(services)
    if called not in names:
        remedy = nearest(called, names) or "Add an SLO for it."
        spot.fault(f"No SLO or Service bears the name `{shorten(called)}`.", remedy)


def _team(
    said: tuple[str, Spot | None] | None,
    claim: tuple[str, Spot] | None,
    teams: Mapping[str, Team],
    declared: list[str],
) -> str:
    """Its label, else the team that lists it, else the only team there is, else none."""
    if said is None or (not declared and not _ours(said[1])):
        return claim[0] if claim else next(iter(teams)) if len(teams) == len(declared) == 1 else ""
    called, spot = said
    if called not in declared and spot is not None:
        remedy = nearest(called, declared) or "Add one of that name."
        spot.fault(f"There is no Team `{shorten(called)}`.", remedy)
    elif claim is not None and claim[0] != called:
        problem = f"The Team `{claim[0]}` lists this service, but its label says `{called}`."
        claim[1].fault(problem, "A service has one team.")
    return called


def _ours(spot: Spot | None) -> bool:
    return spot is not None and PREFIX in spot.path
