"""The parts that every command needs: settings, specs, database, flows."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot import record
from bot.calendar import Almanac
from bot.clock import SystemClock
from bot.config import Settings
from bot.decide.catalog import Catalog
from bot.decide.people import Person, Rota
from bot.decide.roster import Found
from bot.errors import ConfigError, RecordError, SpecError, Unclear
from bot.flow.ask.insist import Insist
from bot.flow.ask.request import AskFor
from bot.flow.evaluate import Evaluate, Progress
from bot.flow.freeze.notices import Notices
from bot.flow.freeze.schedule import KeepSchedules
from bot.flow.poll.forecast import ForecastBudgets
from bot.flow.poll.note_versions import NoteVersions
from bot.flow.poll.observe import Observe
from bot.flow.poll.succeed import refuse_to_unfreeze, take_leave
from bot.flow.poll.versions import CountVersions
from bot.flow.show.adjustments import ListAdjustments
from bot.flow.show.answer import Answer
from bot.flow.show.browse import Browse
from bot.flow.show.releases import ShowReleases
from bot.flow.show.report import Reports
from bot.flow.show.survey import Survey
from bot.flow.show.tradeoff import ShowTradeoff
from bot.flow.tell.tidy import Tidy
from bot.ports import Act, Books, Clock, Directory, Outgoing, Record, Source
from bot.wiring.feeds import Feeds
from bot.wiring.gate import Gate, gate
from bot.wiring.leaving import Leave
from bot.wiring.specs import Live

log = logging.getLogger(__name__)


class NoDirectory:
    """Where no Slack is at hand, nobody can be asked who they are."""

    def person(self, _user: str) -> Person:
        """Raises Unclear."""
        raise Unclear("no Slack token is set")

    def found(self, _rota: Rota) -> Found:
        """Raises Unclear."""
        raise Unclear("no Slack token is set")


@dataclass(frozen=True)
class Core:
    """Everything but Slack."""

    settings: Settings
    clock: Clock
    live: Live
    record: Record
    evaluate: Evaluate
    tidy: Tidy
    answer: Answer
    browse: Browse
    schedule: KeepSchedules
    notices: Notices
    survey: Survey
    gate: Gate
    versions: CountVersions
    leave: Leave

    @property
    def adjustments(self) -> ListAdjustments:
        """Which time was taken out of budgets."""
        return ListAdjustments(self.record, self.clock, self.catalog)

    def count_versions(self, source: Source) -> None:
        """What each live version served, counted apart; and which the metrics show."""
        NoteVersions(self.record, self.clock, self.catalog).run(source)
        self.versions.run(source)

    @property
    def releases(self) -> ShowReleases:
        """Releases, and what each did to the budgets."""
        return self.gate.api.releases

    @property
    def tradeoff(self) -> ShowTradeoff:
        """What a release would cost and bring."""
        return ShowTradeoff(self.record, self.clock, self.catalog)

    @property
    def forecasts(self) -> ForecastBudgets:
        """What is to be expected of every budget."""
        return ForecastBudgets(self.record, self.clock, self.catalog)

    @property
    def reports(self) -> Reports:
        """Months in figures."""
        return Reports(self.record, self.clock, self.catalog, self.settings.zone)

    @property
    def catalog(self) -> Callable[[], Catalog]:
        """The specs in force."""
        return self.live.catalog

    def ask(self, directory: Directory) -> AskFor:
        """The flow of requests, with somebody to ask who people are."""
        return AskFor(self.record, self.clock, self.catalog, directory, self.settings.ops_channel)

    def insist(self, directory: Directory) -> Insist:
        """The flow that looks whether the policy's requests can be decided."""
        return Insist(self.record, self.clock, self.catalog, directory, self.settings.ops_channel)

    def open_accounts(self, catalog: Catalog) -> None:
        """Every objective of the specs has its account, counted as they say."""
        now = self.clock.now()
        self.record.write(lambda books: books.ledger.open(catalog.objectives, now))

    def poll(self, progress: Progress | None = None, *, force: bool = False) -> int:
        """One cycle over all sources; how many objectives were evaluated."""
        done = 0
        for source in self.live.sources().values():
            done += self.evaluate.run(source, progress, force=force)
            self.count_versions(source)
        for look in (self.schedule.run, self.notices.run, self.tidy.run, self.forecasts.run):
            look()
        return done

    def reload(self) -> list[Source] | None:
        """Take changed specs into force: the sources that no longer serve; None if the specs are
        refused, which the operators are told. Raises RecordError: then the old ones stay, and it
        is to be tried again."""
        try:
            loaded = self.live.load()
            now = self.clock.now()
            standing = self.record.read(lambda books: books.freezes.standing(now))
            held = [freeze for freeze in standing if freeze.in_force(now)]
            refuse_to_unfreeze(self.catalog(), loaded.catalog, held)
        except (SpecError, ConfigError) as error:
            log.warning("the changed specs are refused, the old ones stay: %s", error)
            self._refused(error)
            return None
        self.succeed(self.catalog(), loaded.catalog)
        return self.live.replace(loaded)

    def succeed(self, former: Catalog, catalog: Catalog) -> None:
        """Accounts for the new objectives, an end for the warnings of those that are gone."""
        ops = self.settings.ops_channel

        def work(books: Books) -> None:
            now = self.clock.now()
            books.ledger.open(catalog.objectives, now)
            take_leave(books, former, catalog, ops, now)

        self.record.write(work)

    def _refused(self, error: SpecError | ConfigError) -> None:
        channel = self.settings.ops_channel
        if not channel:
            return
        now = self.clock.now()
        # Every replica comes to the same verdict on the same files: one of them tells it.
        faults = "\n".join(map(str, error.faults))
        key = f"specs:{hashlib.sha256(faults.encode()).hexdigest()[:12]}:{now:%FT%H}"
        facts = {
            "title": "The changed spec files are not in force",
            "text": "They have faults; the specs from before stay in force until these are mended.",
            "faults": [str(fault) for fault in error.faults][:10],
        }

        def work(books: Books) -> None:
            books.outbox.put(Outgoing(key, channel, key, Act.POST, "ops_notice", facts), now)

        self.record.write(work)


@contextmanager
def core(
    settings: Settings, clock: Clock | None = None, *, looking: bool = False
) -> Iterator[Core]:
    """Load the specs, migrate and open the database, build the flows; close it all. With `looking`
    nothing that is there is changed: who only looks must neither migrate tables that others use nor
    open accounts. Raises RecordError if they are of another version."""
    clock = clock or SystemClock()
    feeds = Feeds()
    live = Live(settings.specs, feeds.told)
    url = settings.database_url.get_secret_value()
    if not looking or record.fresh(url):
        record.migrate(url)
    elif problem := record.pending(url):
        raise RecordError(problem)
    database = record.Database(url)
    feeds.record = database
    try:
        ops = settings.ops_channel
        leave = Leave()
        places = lambda: leave.places(live.places())  # noqa: E731
        observe = Observe(database, clock, live.catalog, places, ops, feeds.faults)
        built = Core(
            settings,
            clock,
            live,
            database,
            Evaluate(database, clock, live.catalog, ops, fetch=observe.run),
            Tidy(database, clock, live.catalog, ops),
            Answer(database, clock, live.catalog),
            Browse(database, live.catalog),
            KeepSchedules(database, clock, live.catalog, Almanac(), ops),
            Notices(database, clock, live.catalog, ops),
            Survey(database, clock, live.catalog, ops),
            gate(database, clock, live.catalog, ops),
            CountVersions(database, clock, live.catalog),
            leave,
        )
        if not looking:
            built.open_accounts(live.catalog())
        yield built
    finally:
        live.close()
        database.close()
