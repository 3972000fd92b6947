"""What waits at code hosts, releases that were seen, and objects that are followed, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.decide.followed import Workload
from bot.errors import LeaseLost
from bot.ports.hosts import Sighting, Watch, WatchKind
from tests.fake_record_state import State, stored


@dataclass(frozen=True)
class _Held:
    watch: Watch
    claim_until: datetime | None = None


class MemoryWatches:
    """Satisfies Watches."""

    def __init__(self, state: State) -> None:
        self._state = state

    def put(self, watch: Watch, now: datetime) -> None:
        """In place of what is there."""
        self._state.write()
        known = self._state.watches.get(watch.key)
        token = known.watch.token + 1 if known else 0
        fresh = replace(watch, due_at=watch.due_at or now, token=token)
        self._state.watches[watch.key] = _Held(stored(fresh))

    def add(self, watch: Watch, now: datetime) -> bool:
        """False if there is one."""
        self._state.write()
        if watch.key in self._state.watches:
            return False
        self.put(watch, now)
        return True

    def of(self, kind: WatchKind, host: str = "") -> list[Watch]:
        """By when they are due."""
        found = [held.watch for held in self._state.watches.values()]
        found = [one for one in found if one.kind is kind and host in ("", one.host)]
        return sorted(found, key=lambda one: (str(one.due_at), one.key))

    def claim(self, key: str, now: datetime, lease: float) -> Watch | None:
        """If it is due and free."""
        self._state.write()
        held: _Held | None = self._state.watches.get(key)
        if held is None or held.watch.due_at is None or held.watch.due_at > now:
            return None
        if held.claim_until is not None and held.claim_until > now:
            return None
        watch = replace(held.watch, token=held.watch.token + 1)
        self._state.watches[key] = _Held(watch, now + timedelta(seconds=lease))
        return watch

    def keep(self, watch: Watch, now: datetime) -> None:
        """Given back."""
        self._fence(watch)
        self._state.watches[watch.key] = _Held(stored(replace(watch, due_at=watch.due_at or now)))

    def mark_maybe(self, watch: Watch, now: datetime) -> None:
        """About to send."""
        held = self._fence(watch)
        maybe = replace(held.watch, maybe=True)
        self._state.watches[watch.key] = replace(held, watch=maybe)

    def drop(self, watch: Watch) -> None:
        """Nothing is left to do."""
        self._fence(watch)
        del self._state.watches[watch.key]

    def remove(self, key: str) -> bool:
        """False if it was not there."""
        self._state.write()
        return self._state.watches.pop(key, None) is not None

    def pause(self, host: str, until: datetime) -> None:
        """Nothing of this host before then."""
        self._state.write()
        for key, held in list(self._state.watches.items()):
            due = held.watch.due_at
            if held.watch.host == host and (due is None or due < until):
                self._state.watches[key] = replace(held, watch=replace(held.watch, due_at=until))

    def _fence(self, watch: Watch) -> _Held:
        self._state.write()
        held: _Held | None = self._state.watches.get(watch.key)
        if held is None or held.watch.token != watch.token:
            raise LeaseLost(f"{watch.key} is in other hands now")
        return held


class MemorySightings:
    """Satisfies Sightings."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, sighting: Sighting) -> Sighting | None:
        """None if its key is there."""
        self._state.write()
        if any(one.key == sighting.key for one in self._state.sightings.values()):
            return None
        found = stored(replace(sighting, id=len(self._state.sightings) + 1))
        self._state.sightings[found.id] = found
        return found

    def since(self, since: datetime, *, ungated: bool = False) -> list[Sighting]:
        """Oldest first."""
        found = self._state.sightings.values()
        return [one for one in found if one.seen_at >= since and not (ungated and one.decision)]

    def gated(self, sighting: int, decision: int) -> None:
        """The gate's answer was found."""
        self._change(sighting, decision=decision)

    def mark_told(self, sightings: Sequence[int]) -> None:
        """Somebody was told."""
        for one in sightings:
            self._change(one, told=True)

    def forget(self, before: datetime) -> int:
        """How many went."""
        self._state.write()
        gone = [key for key, one in self._state.sightings.items() if one.seen_at < before]
        for key in gone:
            del self._state.sightings[key]
        return len(gone)

    def _change(self, sighting: int, **what: int) -> None:
        self._state.write()
        if sighting in self._state.sightings:
            known = self._state.sightings[sighting]
            self._state.sightings[sighting] = replace(known, **what)  # type: ignore[arg-type] # fields of it


class MemoryWorkloads:
    """Satisfies Workloads."""

    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, keys: Sequence[str]) -> dict[str, Workload]:
        """Those that are there."""
        return {key: self._state.workloads[key] for key in keys if key in self._state.workloads}

    def put(self, workload: Workload) -> None:
        """In place of what was there."""
        self._state.write()
        self._state.workloads[workload.key] = stored(workload)

    def forget(self, before: datetime) -> int:
        """How many went."""
        self._state.write()
        gone = [key for key, one in self._state.workloads.items() if one.at < before]
        for key in gone:
            del self._state.workloads[key]
        return len(gone)
