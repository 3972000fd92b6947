"""What a label at a code host says of a change, and whether it is believed. Never the name of a
branch: whoever pushes chooses it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.change import ChangeKind


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """Somebody put a label on, or took it off."""

    label: str
    who: str
    at: datetime
    on: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """A pull or merge request whose merge made a commit."""

    name: str
    """As people write it: `acme/ranker#5`."""
    who: str
    """Who merged it."""
    at: datetime
    events: Sequence[LabelEvent]
    maintainers: frozenset[str]
    """Those of the people in here who maintain the repository now."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Of what kind a change is, and who says so."""

    kind: ChangeKind
    said: str


def claim_of(merged: Iterable[Merged], kinds: Mapping[str, ChangeKind]) -> Claim | None:
    """The first of the labels (`kinds`: what each means) that stands and is believed: a maintainer
    put it on after the merge, or before one that a maintainer made. Else whoever may push could
    fill a labelled request with something else and merge it. Upper and lower case do not
    matter."""
    requests = list(merged)
    for label, kind in kinds.items():
        for request in requests:
            event = _standing(request, label)
            if event is not None and _believed(request, event):
                said = f"label {event.label} of {request.name}, set by {event.who}, a maintainer"
                return Claim(kind, said)
    return None


def _standing(request: Merged, label: str) -> LabelEvent | None:
    """Who put the label on that stands there now."""
    mine = [one for one in request.events if one.label.casefold() == label.casefold()]
    last = max(mine, key=lambda one: one.at, default=None)
    return last if last is not None and last.on else None


def _believed(request: Merged, event: LabelEvent) -> bool:
    confirmed = event.at >= request.at or request.who in request.maintainers
    return event.who in request.maintainers and confirmed
