"""The gate and its API, put together."""

from dataclasses import dataclass

from bot.clock import monotonic
from bot.entrypoints.api.parts import ApiParts
from bot.flow.callers import Callers
from bot.flow.gate import DecideGate
from bot.flow.gate_known import knowing
from bot.flow.gate_report import ReportPassage
from bot.flow.gate_status import GateStatus
from bot.flow.snapshot import Snapshot
from bot.flow.verdicts import Verdicts
from bot.trust.oidc import OidcIssuers
from bot.wiring.core import Core


@dataclass(frozen=True)
class Gate:
    """The gate's flows, which share what they have seen."""

    decide: DecideGate
    status: GateStatus
    report: ReportPassage


def gate(core: Core) -> Gate:
    """The flows over a core."""
    known, verdicts = knowing(core.catalog), Verdicts()
    snapshot = Snapshot(core.record, core.clock, known, verdicts, monotonic)
    decide = DecideGate(core.record, core.clock, known, snapshot, core.settings.ops_channel)
    report = ReportPassage(core.record, core.clock, known)
    return Gate(decide, GateStatus(snapshot, core.clock), report)


def api_parts(core: Core, built: Gate) -> ApiParts:
    """What stands behind the API."""
    issuers = OidcIssuers(core.catalog, core.clock.now, monotonic)
    callers = Callers(core.record, core.clock, core.catalog, issuers, monotonic)
    return ApiParts(built.decide, built.status, built.report, core.browse, callers, core.catalog)
