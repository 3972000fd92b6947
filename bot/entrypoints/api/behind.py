"""What the API is built on; it needs no library of the web, so that verbs of the terminal do not
wait for one."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.flow.browse import Browse
from bot.flow.callers import Callers
from bot.flow.gate import DecideGate
from bot.flow.gate_report import ReportPassage
from bot.flow.gate_status import GateStatus


@dataclass(frozen=True)
class ApiParts:
    """What stands behind the API."""

    gate: DecideGate
    status: GateStatus
    report: ReportPassage
    browse: Browse
    callers: Callers
    catalog: Callable[[], Catalog]
