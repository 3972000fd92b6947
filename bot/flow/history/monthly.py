"""Each team hears once a month what was frozen, let through and decided: by one replica, at an hour
at which people work."""

import logging
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.decide.catalog import Team
from bot.decide.month import Month, month_of
from bot.flow.facts import Facts
from bot.flow.show.report import Reports, begins
from bot.ports import Act, Books, Outgoing

log = logging.getLogger(__name__)

OPENS, CLOSES = 9, 17
"""Hours of the day, in the zone of the reports, Monday to Friday: nobody is woken by figures."""
LEASE = 60.0
"""Seconds to put one message into the outbox."""


@dataclass(frozen=True)
class TellMonthly:
    """The flow of the ticker."""

    reports: Reports
    ops_channel: str

    def run(self) -> int:
        """How many teams were told of the month before, by this replica."""
        now = self.reports.clock.now()
        local = now.astimezone(ZoneInfo(self.reports.zone))
        if local.weekday() > 4 or not OPENS <= local.hour < CLOSES:
            return 0
        month = month_of(now, self.reports.zone).before
        due = self.reports.record.read(lambda books: self._due(books, month))
        if not due:
            return 0
        catalog = self.reports.catalog()
        rows = self.reports.record.read(lambda books: self.reports.rows(books, month))
        return sum(
            self._tell(team, self.reports.said(catalog, rows, month, team), month, now)
            for team in due
        )

    def _due(self, books: Books, month: Month) -> list[Team]:
        """The teams that have not heard of that month. Of one before the history begins there is
        nothing to tell."""
        teams = [t for t in self.reports.catalog().teams.values() if t.channel or self.ops_channel]
        last = {team.name: books.chores.last(chore(team)) for team in teams}
        due = [team for team in teams if (done := last[team.name]) is None or done[0] < str(month)]
        if not due:
            return []
        first = begins(books)
        _, end = month.bounds(self.reports.zone)
        return due if first is not None and first < end else []

    def _tell(self, team: Team, facts: Facts, month: Month, now: datetime) -> int:
        def work(books: Books) -> int:
            if not books.chores.claim(chore(team), str(month), now, LEASE):
                return 0
            books.chores.done(chore(team), str(month), now)
            key, channel = f"report:{team.name}:{month}", team.channel or self.ops_channel
            books.outbox.put(Outgoing(key, channel, key, Act.POST, "report", facts), now)
            return 1

        told = self.reports.record.write(work)
        if told:
            log.info("team %s is told of %s", team.name, month)
        return told


def chore(team: Team) -> str:
    """What the monthly report of a team is called among the chores."""
    return f"report {team.name}"
