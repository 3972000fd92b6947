"""Forecasts in memory."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.judge.expectation import Forecast
from bot.judge.score import Issued, Outcome
from bot.ports.forecasts import Given, Ripe
from tests.fake_record_state import State


class MemoryForecasts:
    """Satisfies Forecasts."""

    def __init__(self, state: State) -> None:
        self._state = state

    def give(self, given: Sequence[Given]) -> None:
        """The first word of an hour stays."""
        self._state.write()
        for one in given:
            key = one.account, one.hour
            if key in self._state.forecasts:
                continue
            said = replace(one.said, path=()) if isinstance(one.said, Forecast) else one.said
            counts = one.counts and isinstance(said, Forecast)
            self._state.forecasts[key] = replace(one, said=said, counts=counts), None
            for other, (kept, _) in list(self._state.forecasts.items()):
                if other[0] == one.account and other[1] < one.hour and not kept.counts:
                    del self._state.forecasts[other]

    def newest(self, accounts: Sequence[int]) -> dict[int, Given]:
        """The last word on each."""
        found = sorted(self._state.forecasts.items())
        return {account: kept for (account, _), (kept, _) in found if account in accounts}

    def ripe(self, accounts: Sequence[int], limit: int) -> list[Ripe]:
        """The oldest first."""
        found = [
            Ripe(one.account, one.hour, issued)
            for one, issued, outcome in self._issued(accounts)
            if outcome is None and issued.until <= (self._read_until(one.account) or 0)
        ]
        return sorted(found, key=lambda one: (one.issued.until, one.account))[:limit]

    def score(self, outcomes: Sequence[tuple[Ripe, Outcome | None]]) -> None:
        """None: it goes."""
        self._state.write()
        for one, outcome in outcomes:
            kept, _ = self._state.forecasts.pop((one.account, one.hour))
            if outcome is not None:
                self._state.forecasts[one.account, one.hour] = kept, outcome

    def outcomes(self, accounts: Sequence[int], since: int, until: int) -> dict[int, list[Outcome]]:
        """Oldest first."""
        found: defaultdict[int, list[Outcome]] = defaultdict(list)
        for one, issued, outcome in sorted(
            self._issued(accounts), key=lambda some: (some[1].until, some[0].hour)
        ):
            if outcome is not None and since < issued.until <= until:
                found[one.account].append(outcome)
        return dict(found)

    def forget(self, before: int) -> int:
        """How many went."""
        self._state.write()
        accounts = [account for account, _ in self._state.forecasts]
        gone = [one for one, issued, _ in self._issued(accounts) if issued.until < before]
        for one in gone:
            del self._state.forecasts[one.account, one.hour]
        return len(gone)

    def _issued(self, accounts: Sequence[int]) -> list[tuple[Given, Issued, Outcome | None]]:
        return [
            (kept, kept.said.issued, outcome)
            for kept, outcome in self._state.forecasts.values()
            if kept.counts and kept.account in accounts and isinstance(kept.said, Forecast)
        ]

    def _read_until(self, account: int) -> int | None:
        held = self._state.accounts.get(account)
        return None if held is None else held.account.read_until
