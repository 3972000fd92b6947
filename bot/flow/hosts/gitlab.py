"""GitLab: deployments that wait for the bot's approval, and freeze periods in step with ours."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.decide.github_events import Went
from bot.decide.outside import CodeHost, HostKind
from bot.decide.override import Run
from bot.decide.periods import Period, period_of
from bot.decide.scope import Reach, Scope
from bot.decide.waiting import Move, Waiting, next_step
from bot.errors import DeliveryError, Refused
from bot.flow.gate.decide import DecideGate
from bot.flow.hosts.claims import look_up
from bot.flow.hosts.deployments import ask
from bot.flow.hosts.notices import blocked_watch
from bot.flow.hosts.visits import Visits
from bot.ports import Books, Clock, Record
from bot.ports.hosts import GitLabHost, Watch, WatchKind

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
LEASE = 55.0
AGAIN = timedelta(seconds=30)
PLAY = "GitLab does not go on by itself: play the job now."
_GONE = ("not_found", "http_400", "unprocessable")
_ENOUGH = 3


@dataclass(frozen=True)
class VisitBlocked:
    """The flow behind deployment approvals. GitLab takes no word about what waits: why it does,
    Slack says."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    gate: DecideGate
    hosts: Callable[[str], GitLabHost | None]
    visits: Visits

    def run(self, most: int = 20) -> int:
        """Look for what webhooks did not tell, then visit what is due; how many."""
        hosts = self.catalog().outside.of(HostKind.GITLAB)
        for host in hosts:
            self._look(host)
        now, names = self.clock.now(), {host.name for host in hosts}
        watches = self.record.read(lambda books: books.watches.of(WatchKind.DEPLOYMENT))
        due = [one for one in watches if one.due_at is None or one.due_at <= now]
        mine = [one for one in due if one.host in names]
        return sum(self.visits.pay(one.key, self._visit) for one in mine[:most])

    def _visit(self, watch: Watch) -> Watch | None:
        spec, host = self.catalog().outside.hosts.get(watch.host), self.hosts(watch.host)
        if spec is None or host is None:
            return None
        said = watch.facts
        watch = look_up(
            watch,
            spec,
            lambda labels: host.merged(watch.place, str(said["sha"]), labels),
            self.clock.now(),
        )
        run = Run("gitlab", str(said["run"] or said["deployment"]))
        step = next_step(ask(self.gate, spec, watch, run), Waiting(watch.mark))
        if step.move is not Move.APPROVE:
            return replace(watch, mark=step.mark, due_at=self.clock.now() + AGAIN)
        self.visits.about_to_answer(watch)
        try:
            host.approve(watch.place, str(said["deployment"]), f"{step.comment} {PLAY}")
        except Refused as error:
            if error.code not in _GONE or not (watch.maybe or watch.tries >= _ENOUGH):
                raise
            log.info("%s does not wait any more: %s", watch.key, error)
        return None

    def _look(self, host: CodeHost) -> None:
        api, now = self.hosts(host.name), self.clock.now()
        if api is None or not _turn(self.record, f"look at {host.name}", now):
            return
        for rule in host.rules:
            try:
                found = api.blocked(rule.place, rule.environment)
            except DeliveryError as error:
                log.warning("%s: %s; it is looked at again in a minute", host.name, error)
                continue
            went = [
                Went(rule.place, rule.environment, one.sha, one.id, one.who, one.job)
                for one in found
            ]
            there = {(one := blocked_watch(host, each)).key: one for each in went}

            def work(
                books: Books,
                there: dict[str, Watch] = there,
                place: str = rule.place,
                environment: str = rule.environment,
            ) -> None:
                for watch in there.values():
                    books.watches.add(watch, now)
                for known in books.watches.of(WatchKind.DEPLOYMENT, host.name):
                    here = (known.place, known.facts["environment"]) == (place, environment)
                    if here and known.key not in there:
                        books.watches.remove(known.key)

            self.record.write(work)


@dataclass(frozen=True)
class KeepPeriods:
    """The flow behind freeze periods. They only advise: a job must look at CI_DEPLOY_FREEZE."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    hosts: Callable[[str], GitLabHost | None]
    visits: Visits

    def run(self, most: int = 50) -> int:
        """Bring periods into step; how many were made, changed or taken away."""
        now, catalog = self.clock.now(), self.catalog()
        freezes = self.record.read(lambda books: books.freezes.standing(now))
        wanted = dict(self._wanted(catalog, freezes, now))
        watches = self.record.read(lambda books: books.watches.of(WatchKind.PERIOD))
        known = {one.key: one for one in watches}
        fresh = [one for key, (one, _) in wanted.items() if key not in known]
        if fresh:
            self.record.write(lambda books: [books.watches.add(one, now) for one in fresh])
        due = [
            key
            for key in {**known, **wanted}
            if key not in wanted or key not in known or known[key].mark != wanted[key][1].mark
        ]
        return sum(self.visits.pay(key, self._visit(wanted.get(key))) for key in due[:most])

    def _wanted(
        self, catalog: Catalog, freezes: list[Freeze], now: datetime
    ) -> Iterator[tuple[str, tuple[Watch, Period]]]:
        for host in catalog.outside.of(HostKind.GITLAB):
            for place in host.places if host.periods else ():
                services = [Scope(Reach.SERVICE, name) for name in host.services(place)]
                for freeze in freezes:
                    period = period_of(freeze, now)
                    reached = any(catalog.covers(freeze.scope, one.name) for one in services)
                    if period is not None and reached:
                        key = f"gitlab:{host.name}:{place.lower()}:period:{freeze.id}"
                        watch = Watch(key, WatchKind.PERIOD, host.name, place, {"period": None})
                        yield key, (watch, period)

    def _visit(self, wanted: tuple[Watch, Period] | None) -> Callable[[Watch], Watch | None]:
        def visit(watch: Watch) -> Watch | None:
            host, number = self.hosts(watch.host), watch.facts.get("period")
            if host is None:
                return None
            if wanted is None:
                if number is not None:
                    host.drop_period(watch.place, int(number))
                return None
            self.visits.about_to_answer(watch)
            made = host.set_period(watch.place, wanted[1], number, adopt=watch.maybe)
            now = self.clock.now()
            return replace(
                watch, facts={"period": made}, mark=wanted[1].mark, told_at=now, due_at=now
            )

        return visit


def _turn(record: Record, name: str, now: datetime) -> bool:
    """Whether the look of this minute is ours. If we do not come back from it, the next minute's
    is somebody else's."""
    turn = f"{now:%Y-%m-%dT%H:%M}"
    last = record.read(lambda books: books.chores.last(name))
    if last is not None and last[0] >= turn:
        return False

    def work(books: Books) -> bool:
        mine = books.chores.claim(name, turn, now, LEASE)
        if mine:
            books.chores.done(name, turn, now)
        return mine

    return record.write(work)
