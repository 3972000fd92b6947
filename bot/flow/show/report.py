"""The report of a month: asked for by people, or told by itself. Nothing is changed."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.decide.catalog import Catalog, Team
from bot.decide.decision import Decision, read_back
from bot.decide.month import Month, month_of
from bot.decide.report import ALWAYS, LATELY, Report, report
from bot.decide.report_advice import advised
from bot.decide.scope import Scope
from bot.errors import UserError
from bot.flow.facts import Facts, epoch
from bot.flow.show.delivered import Delivered, delivered
from bot.flow.show.foretold import Foretold, foretold, foretold_facts
from bot.ports import Books, Clock, HistoryFilter, Record

BEFORE = timedelta(days=92)
"""So far back it is looked what a verdict was when the month began, and what was asked then."""
NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """Decisions, oldest first, and when the stored history begins; None: it is empty."""

    decisions: Sequence[Decision]
    begins: datetime | None
    delivered: Delivered
    foretold: Foretold


@dataclass(frozen=True)
class Reports:
    """The flow behind `burnban report`, `/budget report` and the monthly message. `zone`: the IANA
    zone in which months are meant."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    zone: str

    def facts(self, month: Month | None = None, team: str = "") -> Facts:
        """The facts of `report`, for a team or for everything; without a month, of the last one
        that is over. Raises UserError for an unknown team, and for a month to come."""
        catalog, now = self.catalog(), self.clock.now()
        present = month_of(now, self.zone)
        wanted = month or present.before
        if wanted > present:
            raise UserError(f"{wanted} is still to come.", f"/budget report {present}")
        owner = _team(catalog, team) if team else None
        rows = self.record.read(lambda books: self.rows(books, wanted))
        return self.said(catalog, rows, wanted, owner)

    def rows(self, books: Books, month: Month) -> "Rows":
        """What the report of a month is made of."""
        since, until = month.bounds(self.zone)
        always = HistoryFilter(events=ALWAYS, until=until)
        lately = HistoryFilter(events=LATELY, since=since - BEFORE, until=until)
        links = [*books.history.walk(always), *books.history.walk(lately)]
        once = {link.seq: link for link in links}
        made = delivered(books, self.catalog(), since, until)
        came = foretold(books, self.catalog(), since, until)
        rows = [read_back(once[seq].body) for seq in sorted(once)]
        return Rows(rows, begins(books), made, came)

    def said(self, catalog: Catalog, rows: "Rows", month: Month, team: Team | None) -> Facts:
        """The facts of a team's report, or of everybody's, from rows that were read already."""
        since, end = month.bounds(self.zone)
        now = self.clock.now()
        mine = [one for one in rows.decisions if team is None or _concerns(catalog, one, team)]
        found = report(mine, since, end, now, lambda service: _owner(catalog, service))
        late = rows.begins is None or rows.begins > since
        ours = partial(_is_of, catalog, team)
        return report_facts(found) | {
            "begins": epoch(rows.begins) if late else None,
            "unknown": rows.begins is None or rows.begins >= end,
            "month": str(month),
            "name": f"{NAMES[month.number - 1]} {month.year}",
            "zone": self.zone,
            "team": team.name if team else "",
            "scope": f"team {team.name}" if team else "everything",
            "since": epoch(since),
            "until": epoch(min(end, now)),
            "running": now < end,
            "delivery": rows.delivered.facts(ours, since, min(end, now)),
            "tradeoffs": [
                {"ruling": one.ruling, "asked": one.asked, "granted": one.granted}
                for one in advised(mine, since, end)
            ],
            "forecasts": foretold_facts(rows.foretold, ours),
        }


def report_facts(found: Report) -> Facts:
    """The figures as messages and JSON have them; times in seconds."""
    return {
        "frozen": [
            {
                "origin": str(one.origin),
                "effect": str(one.effect),
                "monitored": one.monitored,
                "freezes": one.freezes,
                "seconds": one.seconds,
            }
            for one in found.frozen
        ],
        "stopped": found.stopped,
        "overrides": [
            {
                "team": one.team,
                "kind": one.kind,
                "asked": one.asked,
                "granted": one.granted,
                "used": one.used,
                "emergencies": one.emergencies,
            }
            for one in found.overrides
        ],
        "decided": found.latency.decided,
        "median": found.latency.median,
        "p90": found.latency.p90,
        "expired": found.expired,
        "overdue": found.overdue,
        "unreviewed": found.unreviewed,
        "exhausted": [{"objective": name, "times": times} for name, times in found.exhausted],
        "adjusted": found.adjusted,
        "reversed": found.reversed,
        "rollbacks": asdict(found.rollbacks),
        "retrainings": asdict(found.retrainings),
        "quiet": found == Report(),
    }


def _team(catalog: Catalog, word: str) -> Team:
    """By name, or as `team:x`."""
    name = word.removeprefix("team:")
    if name in catalog.teams:
        return catalog.teams[name]
    known = ", ".join(f"`{team}`" for team in sorted(catalog.teams)) or "none"
    first = next(iter(sorted(catalog.teams)), "")
    sentence = f"There is no team `{name}`. The teams are: {known}."
    raise UserError(sentence, f"/budget report {first}".strip())


def _concerns(catalog: Catalog, decision: Decision, team: Team) -> bool:
    """Whether it is about a service that the team owns now, or was about the team then."""
    said: Any = decision.evidence.get("team")
    if said:
        return bool(said == team.name)
    if decision.objective:
        return _owner(catalog, decision.objective.rpartition("/")[0]) == team.name
    try:
        scope = Scope.parse(decision.scope)
    except ValueError:
        return False
    owned = (name for name, one in catalog.services.items() if one.team == team.name)
    return str(scope) == f"team:{team.name}" or any(catalog.covers(scope, n) for n in owned)


def _is_of(catalog: Catalog, team: Team | None, service: str) -> bool:
    return team is None or _owner(catalog, service) == team.name


def _owner(catalog: Catalog, service: str) -> str:
    team = catalog.team_of(service)
    return team.name if team else ""


def begins(books: Books) -> datetime | None:
    """When the stored history begins."""
    first = next(iter(books.history.walk(HistoryFilter())), None)
    return None if first is None else read_back(first.body).at
