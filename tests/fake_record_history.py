"""The history, its checkpoints and the chores in memory."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.decide.decision import Chained, Decision, canonical, chain_hash
from bot.decide.people import Actor
from bot.decide.proof import ORIGIN, Link, Place, Proof, prove
from bot.decide.seal import Seal
from bot.errors import RecordError
from bot.ports import HistoryFilter
from tests.fake_record_state import State, stored


class MemoryHistory:
    """Satisfies History. What is found has been through JSON, as in a database."""

    def __init__(self, state: State) -> None:
        self._state = state

    def hold(self) -> None:
        """There is one writer at a time."""
        self._state.write()

    def append(self, decision: Decision) -> Chained:
        """Chained to the newest."""
        self._state.write()
        last, previous = self.head()
        digest = chain_hash(previous, last + 1, canonical(decision))
        self._state.history[last + 1] = Chained(last + 1, _through_json(decision), previous, digest)
        return Chained(last + 1, decision, previous, digest)

    def append_all(self, decisions: Sequence[Decision]) -> list[Chained]:
        """One after the other."""
        return [self.append(decision) for decision in decisions]

    def find(self, wanted: HistoryFilter) -> list[Chained]:
        """Newest first."""
        rows = [c for c in self._state.history.values() if _fits(c, wanted)]
        most = max(0, wanted.limit)
        if wanted.after is not None:
            return rows[:most][::-1]
        return rows[::-1][:most]

    def walk(self, wanted: HistoryFilter) -> Iterator[Link]:
        """Oldest first."""
        return (_link(c) for c in list(self._state.history.values()) if _fits(c, wanted))

    def head(self) -> Place:
        """The newest row."""
        newest = next(reversed(self._state.history.values()), None)
        return (newest.seq, newest.hash) if newest else ORIGIN

    def scopes(self) -> list[str]:
        """Each once."""
        return list({c.decision.scope for c in self._state.history.values()})

    def people(self) -> list[Actor]:
        """As they were called last."""
        return list({c.decision.actor.id: c.decision.actor for c in self._all()}.values())

    def verify(self, anchors: Sequence[Seal] = ()) -> Proof:
        """Row by row."""
        seal = _furthest(self._state)
        base = (seal.seq, seal.hash) if seal else ORIGIN
        rest = (_link(c) for c in self._all() if c.seq > base[0])
        return prove(rest, self.head(), base, anchors)

    def _all(self) -> list[Chained]:
        return list(self._state.history.values())


class MemoryCheckpoints:
    """Satisfies Checkpoints."""

    def __init__(self, state: State) -> None:
        self._state = state

    def newest(self) -> Seal | None:
        """The one furthest on."""
        return _furthest(self._state)

    def set(self, seal: Seal) -> None:
        """Ever further on."""
        self._state.write()
        if seal.seq <= max(self._state.checkpoints, default=0):
            raise RecordError("the history is append-only")
        self._state.checkpoints[seal.seq] = stored(seal)

    def drop(self, most: int) -> int:
        """The oldest first."""
        self._state.write()
        last = max(self._state.checkpoints, default=0)
        gone = [seq for seq in self._state.history if seq <= last][:most]
        for seq in gone:
            del self._state.history[seq]
        return len(gone)


class MemoryChores:
    """Satisfies Chores."""

    def __init__(self, state: State) -> None:
        self._state = state

    def claim(self, name: str, turn: str, now: datetime, lease: float) -> bool:
        """Not done, and in nobody's hands."""
        self._state.write()
        done, at, claimed, until = self._state.chores.get(name, ("", None, "", None))
        held = until is not None and until > now
        if done >= turn or claimed > turn or (claimed == turn and held):
            return False
        self._state.chores[name] = (done, at, turn, now + timedelta(seconds=lease))
        return True

    def done(self, name: str, turn: str, now: datetime) -> None:
        """Never back."""
        self._state.write()
        done, _, claimed, _ = self._state.chores.get(name, ("", None, "", None))
        if done < turn:
            self._state.chores[name] = (turn, now.astimezone(UTC), claimed, None)

    def last(self, name: str) -> tuple[str, datetime] | None:
        """Once there was one."""
        done, at, _, _ = self._state.chores.get(name, ("", None, "", None))
        return None if at is None else (done, at)


def _furthest(state: State) -> Seal | None:
    return state.checkpoints[max(state.checkpoints)] if state.checkpoints else None


def _link(row: Chained) -> Link:
    return Link(row.seq, row.previous, row.hash, canonical(row.decision))


def _fits(row: Chained, wanted: HistoryFilter) -> bool:
    made = row.decision
    return (
        wanted.of_scopes(made)
        and (not wanted.events or made.event in wanted.events)
        and (not wanted.actors or made.actor.id in wanted.actors)
        and (not wanted.objective or made.objective == wanted.objective)
        and (wanted.since is None or made.at >= wanted.since)
        and (wanted.until is None or made.at < wanted.until)
        and (wanted.before is None or row.seq < wanted.before)
        and (wanted.after is None or row.seq > wanted.after)
    )


def _through_json(decision: Decision) -> Decision:
    evidence = json.loads(json.dumps(decision.evidence, allow_nan=False))
    return replace(decision, at=decision.at.astimezone(UTC), evidence=evidence)
