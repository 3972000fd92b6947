"""The gate and its API, put together."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import monotonic
from bot.decide.catalog import Catalog
from bot.entrypoints.api.behind import ApiParts
from bot.flow.gate.afterwards import ReportPassage
from bot.flow.gate.callers import Callers
from bot.flow.gate.decide import DecideGate
from bot.flow.gate.known import knowing
from bot.flow.gate.links import Links
from bot.flow.gate.note import NoteRelease
from bot.flow.gate.snapshot import Snapshot
from bot.flow.gate.status import GateStatus
from bot.flow.gate.words import GateWords
from bot.flow.poll.receive import Receive
from bot.flow.show.browse import Browse
from bot.flow.show.releases import ShowReleases
from bot.flow.verdicts import Verdicts
from bot.ports import Clock, Record
from bot.trust.oidc import OidcIssuers


@dataclass(frozen=True)
class Gate:
    """The gate's flows, which share what they have seen."""

    decide: DecideGate
    status: GateStatus
    report: ReportPassage
    words: GateWords
    links: Links
    api: ApiParts


def gate(record: Record, clock: Clock, catalog: Callable[[], Catalog], ops: str) -> Gate:
    """The flows over a record; nothing is asked yet."""
    known = knowing(catalog)
    snapshot = Snapshot(record, clock, known, Verdicts(), monotonic)
    decide = DecideGate(record, clock, known, snapshot, ops)
    status, report = GateStatus(snapshot, clock), ReportPassage(record, clock, known)
    issuers = OidcIssuers(catalog, clock.now, monotonic)
    callers = Callers(record, clock, catalog, issuers, monotonic)
    links = Links(catalog, monotonic)
    receive = Receive(record, clock, catalog, ops)
    browse = Browse(record, catalog)
    note, releases = NoteRelease(record, clock, catalog), ShowReleases(record, clock, catalog)
    api = ApiParts(decide, status, report, browse, callers, catalog, links, receive, note, releases)
    return Gate(decide, status, report, GateWords(record, clock, snapshot), links, api)
