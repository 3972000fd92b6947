"""A process of its own that decides on a shared database: what another replica would do."""

from dataclasses import replace
from multiprocessing.synchronize import Barrier

from bot.record import Database
from tests.deciding import V38, Stage

_GATES: list[Barrier] = []


def begin(gate: Barrier) -> None:
    """Called once in each process: where all wait for each other."""
    _GATES.append(gate)


def vote(url: str, numbers: list[int], name: str) -> list[str]:
    """Approve each of these requests, each at the same moment as the others do."""
    answers = []
    with Database(url) as database:
        stage = Stage(database)
        for number in numbers:
            _GATES[0].wait(60)
            answers.append(str(stage.vote(number, name).answer))
    return answers


def use(url: str, versions: list[str], run: str) -> list[bool]:
    """Let each of these versions pass, each at the same moment as the others try."""
    answers = []
    with Database(url) as database:
        stage = Stage(database)
        for version in versions:
            _GATES[0].wait(60)
            answers.append(stage.use(replace(V38, version=version), run) is not None)
    return answers


def settle(url: str, waits: list[int]) -> list[int]:
    """After each of these waits tell what time has ended, at the same moment as the others."""
    told = []
    with Database(url) as database:
        stage = Stage(database)
        for seconds in waits:
            stage.clock.advance(seconds)
            _GATES[0].wait(60)
            told.append(stage.settle() + stage.tidy())
    return told
