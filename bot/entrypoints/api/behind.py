"""What the API is built on; it needs no library of the web, so that verbs of the terminal do not
wait for one."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.flow.gate.afterwards import ReportPassage
from bot.flow.gate.callers import Callers
from bot.flow.gate.decide import DecideGate
from bot.flow.gate.links import Links
from bot.flow.gate.note import NoteRelease
from bot.flow.gate.status import GateStatus
from bot.flow.poll.receive import Receive
from bot.flow.show.browse import Browse
from bot.flow.show.releases import ShowReleases


@dataclass(frozen=True)
class ApiParts:
    """What stands behind the API."""

    gate: DecideGate
    status: GateStatus
    report: ReportPassage
    browse: Browse
    callers: Callers
    catalog: Callable[[], Catalog]
    links: Links
    receive: Receive
    note: NoteRelease
    releases: ShowReleases
