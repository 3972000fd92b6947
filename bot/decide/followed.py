"""What an object of a cluster was let run, release by release; and what it is found to run although
nobody asked about it. Pure."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.decide.workload import Runs

MOST = 1_000
"""Things that are kept of one object; of one that runs more nothing is known."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change of an object, as its review shows it."""

    place: str
    """`prod/Deployment/search/ranker`."""
    uid: str
    """Of the object as it stands; empty for a new one."""
    generation: int
    """The same: it rises with every change of what the object is to be."""
    old: tuple[Runs, ...]
    """What it runs; nothing for a new object."""
    new: tuple[Runs, ...]
    """What it is to run."""
    told: bool = False
    """What it runs was told of already."""


@dataclass(frozen=True, slots=True)
class Workload:
    """One object as the releases of one service: what it may be found to run."""

    key: str
    place: str
    uid: str
    generation: int
    """Of the object when it was last looked at."""
    runs: frozenset[str]
    """Marks of what it ran then, and of all that was let through since. Empty: nothing is known."""
    at: datetime


def key_of(place: str, service: str) -> str:
    """The same for every review of this object as this service."""
    return _hash([place, service])


def marks(runs: Iterable[Runs]) -> frozenset[str]:
    """Short names of things that an object runs, each with its place in the object."""
    return frozenset(_hash([one.place, one.value])[:16] for one in runs)


def strangers(known: Workload | None, step: Step) -> tuple[Runs, ...]:
    """What the object runs and was never let run, in an object that is known. A review of the
    object as it stood before it was last looked at says nothing: API servers may be behind."""
    if known is None or not known.runs or _behind(known, step):
        return ()
    return tuple(one for one in step.old if not marks([one]) <= known.runs)


def follow(known: Workload | None, key: str, step: Step, *, goes: bool, now: datetime) -> Workload:
    """The object after this review. What was let through may never come about, or come later: it is
    kept until the object is found further on."""
    let = marks(step.new) if goes else frozenset()
    stays = known is not None and (not step.old or _behind(known, step) or _same(known, step))
    if known is not None and stays:
        fresh = replace(known, runs=known.runs | let, at=now)
    else:
        runs = marks(step.old) | let
        fresh = Workload(key, step.place, step.uid, step.generation, runs, now)
    return replace(fresh, runs=frozenset()) if len(fresh.runs) > MOST else fresh


def _behind(known: Workload, step: Step) -> bool:
    return known.uid == step.uid and step.generation < known.generation


def _same(known: Workload, step: Step) -> bool:
    return (known.uid, known.generation) == (step.uid, step.generation) and not strangers(
        known, step
    )


def _hash(said: list[str]) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]
