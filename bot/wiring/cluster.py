"""The doors for clusters, put together."""

from collections.abc import Mapping

from fastapi import FastAPI

from bot.entrypoints.kubernetes.admission import build_admission
from bot.entrypoints.kubernetes.parts import ClusterParts
from bot.entrypoints.kubernetes.stages import build_stages
from bot.flow.canary.show import ShowCanary
from bot.flow.gate.admit import Admit
from bot.flow.gate.note_glass import NoteGlass
from bot.flow.override.break_glass import BreakGlass
from bot.ports import Directory
from bot.wiring.core import Core


def cluster_doors(core: Core, directory: Directory) -> Mapping[str, FastAPI]:
    """What answers clusters, by where it is mounted. `directory`: whom an emergency is told."""
    record, clock, catalog, gate = core.record, core.clock, core.catalog, core.gate.decide
    ops = core.settings.ops_channel
    glass = BreakGlass(record, clock, catalog, directory, ops)
    notes = NoteGlass(record, clock, catalog, ops)
    admit = Admit(gate, glass, catalog, clock, notes)
    canary = ShowCanary(record, clock, catalog)
    api = core.gate.api
    parts = ClusterParts(admit, gate, api.callers, catalog, canary, api.note)
    return {"/kubernetes": build_admission(parts), "/gates": build_stages(parts)}
