"""What stands behind the doors for clusters, and who knocks."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from bot.decide.caller import Caller
from bot.decide.catalog import Catalog
from bot.decide.change import MAX_VERSION
from bot.entrypoints.api.shapes import Line
from bot.flow.canary.show import ShowCanary
from bot.flow.gate.admit import Admit
from bot.flow.gate.callers import Callers
from bot.flow.gate.decide import DecideGate
from bot.flow.gate.note import NoteRelease


@dataclass(frozen=True)
class ClusterParts:
    """What stands behind them."""

    admit: Admit
    gate: DecideGate
    callers: Callers
    catalog: Callable[[], Catalog]
    canary: ShowCanary
    note: NoteRelease


class Stage(BaseModel):
    """What Flagger posts; the examples for Argo Rollouts post the same."""

    name: Line = ""
    namespace: Line = ""
    phase: Line = ""
    checksum: Line = ""
    metadata: Annotated[dict[str, Line], Field(default_factory=dict)]

    @property
    def version(self) -> str:
        """As people call it; else by Flagger's checksum."""
        said = self.metadata.get("version", "")
        return (said or (f"checksum-{self.checksum}" if self.checksum else ""))[:MAX_VERSION]


async def who(parts: ClusterParts, headers: Mapping[str, str], word: str = "") -> Caller:
    """Who knocks. A token comes in the header, as Bearer or as the password of Basic; API servers
    and Flagger, which send none unless set up to, have it elsewhere: `word`. Raises Unidentified,
    Undecidable."""
    borne = headers.get("authorization", "") or f"Bearer {word}"
    if borne.lower().startswith("basic "):
        borne = f"Bearer {_password(borne[6:])}"
    known = parts.callers.remembered(borne)
    return known if known is not None else await run_in_threadpool(parts.callers.who, borne)


def _password(word: str) -> str:
    try:
        return base64.b64decode(word.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
