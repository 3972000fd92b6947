"""Standings, episodes, freezes and requests in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.decide.episode import Standing
from bot.decide.freeze import Freeze, FreezeState, FreezeVersion, Origin
from bot.errors import RecordError
from bot.ports import Episode
from tests.fake_record_state import State, stored

_OVER = (FreezeState.LIFTED, FreezeState.EXPIRED, FreezeState.CANCELLED)


class MemoryStandings:
    """Satisfies Standings."""

    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, objectives: Sequence[str]) -> dict[str, Standing]:
        """Those known."""
        known = self._state.standings
        return {name: known[name] for name in objectives if name in known}

    def hold(self, objectives: Sequence[str], *, wait: bool = True) -> dict[str, Standing]:
        """One transaction at a time: nobody else has any."""
        self._state.write()
        return self.get(objectives)

    def faults(self) -> dict[str, str]:
        """Of those that have one."""
        return {name: one.fault for name, one in self._state.standings.items() if one.fault}

    def put(self, standings: Sequence[Standing]) -> None:
        """In place of the former."""
        self._state.write()
        self._state.standings.update({s.objective: stored(s) for s in standings})

    def leave(self, objectives: Sequence[str]) -> dict[str, int]:
        """Those that see again."""
        self._state.write()
        known = [s for s in self.get(objectives).values() if s.outage and not s.fault]
        found = {s.objective: s.outage for s in known if s.blind_polls == 0}
        self.put([replace(self._state.standings[name], outage=0) for name in found])
        return found


class MemoryEpisodes:
    """Satisfies Episodes."""

    def __init__(self, state: State) -> None:
        self._state = state

    def open(self, objective: str, level: int, now: datetime, channel: str = "") -> Episode:
        """At most one is open."""
        self._state.write()
        if self.current(objective) is not None:
            raise RecordError(f"an episode of {objective} is open already")
        number = len(self._state.episodes) + 1
        episode = stored(Episode(number, objective, now, level, channel=channel))
        self._state.episodes[episode.id] = episode
        return episode

    def gather(self, episodes: Sequence[int], summary: int) -> None:
        """Under one message."""
        self._state.write()
        for number in set(episodes) & set(self._state.episodes):
            known = self._state.episodes[number]
            self._state.episodes[number] = replace(known, summary=summary)

    def current(self, objective: str) -> Episode | None:
        """The open one."""
        known = self._state.episodes.values()
        return next((e for e in known if e.objective == objective and e.closed_at is None), None)

    def currents(self, objectives: Sequence[str]) -> dict[str, Episode]:
        """The open ones."""
        found = {name: self.current(name) for name in objectives}
        return {name: episode for name, episode in found.items() if episode is not None}

    def lately(self, channel: str, since: datetime) -> list[Episode]:
        """Opened then or later."""
        known = self._state.episodes.values()
        return [e for e in known if e.channel == channel and e.opened_at >= since]

    def together(self, summary: int) -> list[Episode]:
        """One message for all."""
        return [e for e in self._state.episodes.values() if e.summary == summary]

    def get(self, episode: int) -> Episode | None:
        """By id."""
        return self._state.episodes.get(episode)

    def raise_to(self, episode: int, level: int) -> None:
        """Never down."""
        self._state.write()
        known = self._state.episodes.get(episode)
        if known is not None:
            self._state.episodes[episode] = replace(known, level=max(level, known.level))

    def acknowledge(self, episode: int, by: str, now: datetime) -> bool:
        """The first only, while open."""
        self._state.write()
        known = self._state.episodes.get(episode)
        if known is None or known.acknowledged_at is not None or known.closed_at is not None:
            return False
        seen = stored(replace(known, acknowledged_by=by, acknowledged_at=now))
        self._state.episodes[episode] = seen
        return True

    def close(self, episode: int, now: datetime) -> None:
        """The first time counts."""
        self._state.write()
        known = self._state.episodes.get(episode)
        if known is not None and known.closed_at is None:
            self._state.episodes[episode] = stored(replace(known, closed_at=now))


class MemoryFreezes:
    """Satisfies Freezes."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, freeze: Freeze) -> Freeze:
        """With the next id."""
        self._state.write()
        new = stored(replace(freeze, id=len(self._state.freezes) + 1))
        self._state.freezes[new.id] = new
        return new

    def get(self, freeze: int) -> Freeze | None:
        """By id."""
        return self._state.freezes.get(freeze)

    def standing(self, now: datetime) -> list[Freeze]:
        """Not over."""
        return [f for f in self._state.freezes.values() if f.state(now) not in _OVER]

    def lapsed(self, now: datetime) -> list[Freeze]:
        """Expired and untold."""
        return [
            f
            for f in self._state.freezes.values()
            if f.ends_at is not None
            and f.ends_at <= now
            and f.lifted_at is None
            and f.id not in self._state.settled
        ]

    def settle(self, freeze: int) -> None:
        """Told."""
        self._state.write()
        self._state.settled[freeze] = True

    def lift(self, freeze: int, now: datetime) -> bool:
        """Only what is not over."""
        self._state.write()
        known = self._state.freezes.get(freeze)
        if known is None or known.lifted_at is not None or known.state(now) in _OVER:
            return False
        self._state.freezes[freeze] = stored(replace(known, lifted_at=now))
        return True

    def cooling(self, freeze: int, since: datetime | None) -> None:
        """Recovering since then."""
        self._state.write()
        known = self._state.freezes.get(freeze)
        if known is not None:
            self._state.freezes[freeze] = stored(replace(known, recovering_since=since))

    def edit(
        self, freeze: int, former: FreezeVersion, reason: str, ends_at: datetime | None
    ) -> bool:
        """Each version once."""
        self._state.write()
        known = self._state.freezes.get(freeze)
        if known is None or known.version != former.number or known.over(former.replaced_at):
            return False
        new = replace(known, reason=reason, ends_at=ends_at, version=known.version + 1)
        self._state.freezes[freeze] = stored(new)
        self._state.versions[freeze, former.number] = stored(former)
        self._state.reminders[freeze] = former.replaced_at
        return True

    def versions(self, freeze: int) -> list[FreezeVersion]:
        """Oldest first."""
        found = self._state.versions.items()
        return [one for (number, _), one in sorted(found) if number == freeze]

    def forgotten(self, before: datetime, others: Sequence[int] = ()) -> list[Freeze]:
        """Set by people or named, without an end."""
        return [
            freeze
            for freeze in self._state.freezes.values()
            if (freeze.origin is Origin.MANUAL or freeze.id in others)
            and (freeze.ends_at, freeze.lifted_at) == (None, None)
            and self._state.reminders.get(freeze.id, freeze.starts_at) <= before
        ]

    def reminded(self, freeze: int, now: datetime) -> None:
        """Then."""
        self._state.write()
        self._state.reminders[freeze] = now
