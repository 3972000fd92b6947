"""What has been said about each objective."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.decide.episode import Level, Standing
from bot.judge.burn import Severity
from bot.judge.verdict import Kind
from bot.record.dialect import Dialect, latest
from bot.record.statements import change, fetch, pick
from bot.record.tables import StandingRow

_FAULTS = pick(StandingRow.objective, StandingRow.fault).where(col(StandingRow.fault) != "")


class SqlStandings:
    """Satisfies bot.ports.workflow.Standings."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def get(self, objectives: Sequence[str]) -> dict[str, Standing]:
        """By objective; those of whom nothing has been said are missing."""
        return self._found(self._wanted(objectives)) if objectives else {}

    def hold(self, objectives: Sequence[str], *, wait: bool = True) -> dict[str, Standing]:
        """See Standings. Locked in one order everywhere."""
        if not objectives:
            return {}
        ordered = self._wanted(objectives).order_by(col(StandingRow.objective))
        return self._found(ordered.with_for_update(skip_locked=not wait))

    def faults(self) -> dict[str, str]:
        """Of those that have one."""
        return {row.objective: row.fault for row in self._session.connection().execute(_FAULTS)}

    def put(self, standings: Sequence[Standing]) -> None:
        """Store these in place of what was said before."""
        if not standings:
            return
        # In one order everywhere: two transactions cannot wait for each other's rows.
        ordered = sorted(standings, key=lambda standing: standing.objective)
        self._session.connection().execute(
            latest(self._dialect, StandingRow), [_columns(one) for one in ordered]
        )

    def leave(self, objectives: Sequence[str]) -> dict[str, int]:
        """See Standings. The rows are locked, in one order everywhere."""
        if not objectives:
            return {}
        asked = self._dialect.sheet({"objective": list(objectives)})
        able = (
            col(StandingRow.objective).in_(pick(asked.c.objective)),
            col(StandingRow.outage) != 0,
            col(StandingRow.fault) == "",
            col(StandingRow.blind_polls) == 0,
        )
        wanted = pick(StandingRow.objective, StandingRow.outage).where(*able)
        locked = wanted.order_by(col(StandingRow.objective)).with_for_update()
        rows = self._session.connection().execute(locked)
        found: dict[str, int] = {row.objective: row.outage for row in rows}
        if found:
            gone = self._dialect.sheet({"objective": list(found)})
            theirs = col(StandingRow.objective).in_(pick(gone.c.objective))
            change(self._session, update(StandingRow).where(theirs).values(outage=0))
        return found

    def _wanted(self, objectives: Sequence[str]) -> Any:
        asked = self._dialect.sheet({"objective": list(objectives)})
        return select(StandingRow).where(col(StandingRow.objective).in_(pick(asked.c.objective)))

    def _found(self, wanted: Any) -> dict[str, Standing]:
        return {row.objective: _standing(row) for row in fetch(self._session, wanted)}


def _columns(standing: Standing) -> dict[str, Any]:
    return {
        "objective": standing.objective,
        "kind": None if standing.kind is None else str(standing.kind),
        "level": int(standing.level),
        "opened_at": standing.opened_at,
        "quiet_since": standing.quiet_since,
        "passed": json.dumps(_marks(standing)),
        "blind_polls": standing.blind_polls,
        "told_blind": standing.told_blind,
        "fault": standing.fault,
        "calm_since": standing.calm_since,
        "noted": None if standing.noted is None else str(standing.noted),
        "outage": standing.outage,
    }


def _standing(row: StandingRow) -> Standing:
    marks: list[str] = json.loads(row.passed)
    return Standing(
        row.objective,
        None if row.kind is None else Kind(row.kind),
        Level(row.level),
        row.opened_at,
        row.quiet_since,
        frozenset(Fraction(mark) for mark in marks if " " not in mark),
        row.blind_polls,
        row.told_blind,
        row.fault,
        row.calm_since,
        None if row.noted is None else Kind(row.noted),
        row.outage,
        frozenset(_pair(mark) for mark in marks if " " in mark),
    )


def _marks(standing: Standing) -> list[str]:
    """`1/4` for a threshold, `1/4 page` for one that wants an alert as well."""
    plain = [str(mark) for mark in sorted(standing.passed)]
    return plain + sorted(f"{mark} {severity}" for mark, severity in standing.burnt)


def _pair(mark: str) -> tuple[Fraction, Severity]:
    left, _, severity = mark.partition(" ")
    return Fraction(left), Severity(severity)
