"""What code hosts tell us: stored once, whoever tells it again; acted upon by whoever visits."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.decide.github_events import Asked, GitHubEvent, Head, Went
from bot.decide.outside import CodeHost
from bot.errors import Repeated
from bot.flow.hosts.sightings import Seen, see
from bot.flow.once import once_only
from bot.ports import Books, Clock, Record
from bot.ports.hosts import Stands, Watch, WatchKind


@dataclass(frozen=True)
class TakeNotices:
    """The flow behind the doors for webhooks of code hosts."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def github(self, host: CodeHost, guid: str, event: GitHubEvent | None, body: str = "") -> bool:
        """False if this delivery was taken before, or its words were (`body_of` them; empty: only
        the delivery is looked at). Raises RecordError: then it is to come again."""

        def work(books: Books) -> None:
            said = f"github:{host.name}:body:{body}"
            if event and body and not books.receipts.first_time(said, self.clock.now()):
                raise Repeated
            match event:
                case Asked():
                    books.watches.put(_asked(host, event), self.clock.now())
                case Head():
                    self._head(books, host, event)
                case Went():
                    self._went(books, host, event)
                case None:
                    pass  # none of ours: only that it arrived is kept

        return self._once(f"github:{host.name}:{guid}", work)

    def gitlab(self, host: CodeHost, guid: str, went: Went, going: bool) -> bool:
        """A deployment moves, or (`going` false) waits for approvals. The same otherwise."""

        def work(books: Books) -> None:
            if going:
                self._went(books, host, went)
            else:
                watch = blocked_watch(host, went)
                books.watches.put(watch, self.clock.now())

        return self._once(f"gitlab:{host.name}:{guid}", work)

    def _once(self, key: str, work: Callable[[Books], None]) -> bool:
        try:
            self.record.write(once_only(key, self.clock, work))
        except Repeated:
            return False
        return True

    def _head(self, books: Books, host: CodeHost, head: Head) -> None:
        if not host.check or not host.services(head.place):
            return
        watch = check_watch(host, head)
        if head.open:
            books.watches.put(watch, self.clock.now())
        else:
            books.watches.remove(watch.key)

    def _went(self, books: Books, host: CodeHost, went: Went) -> None:
        source = f"{host.kind} {host.name}"
        for service in host.services(went.place, went.environment):
            key = f"{source}:{went.place}:{went.deployment}:{service}"
            who = f"{host.kind}:{went.who}" if went.who else ""
            seen = Seen(key, service, source, who, commit=went.sha, kind=went.kind, at=went.at)
            see(books, seen, self.clock.now())


def waiting_key(host: CodeHost, place: str, run: str, environment: str) -> str:
    """A run waits at an environment at most once at a time."""
    return f"{host.kind}:{host.name}:{place.lower()}:{run}:{environment}"


def check_watch(host: CodeHost, head: Head) -> Watch:
    """What is looked after at a commit that may be merged."""
    key = f"{host.kind}:{host.name}:{head.place.lower()}:check:{head.key}"
    facts = {"installation": head.installation, "sha": head.sha, "number": head.number}
    return Watch(key, WatchKind.CHECK, host.name, head.place, facts)


def blocked_watch(host: CodeHost, went: Went) -> Watch:
    """A deployment of GitLab's that waits for approvals."""
    key = waiting_key(host, went.place, went.deployment, went.environment)
    facts = {
        "deployment": went.deployment,
        "run": went.run,
        "environment": went.environment,
        "sha": went.sha,
        "who": went.who,
    }
    return Watch(key, WatchKind.DEPLOYMENT, host.name, went.place, facts)


def found_waiting(host: CodeHost, place: str, installation: int, one: Stands) -> Watch:
    """The same that a webhook would have told, found by looking."""
    asked = Asked(place, installation, one.run, one.environment, one.sha, "", one.who)
    return _asked(host, asked)


def _asked(host: CodeHost, asked: Asked) -> Watch:
    facts = {
        "installation": asked.installation,
        "run": asked.run,
        "environment": asked.environment,
        "sha": asked.sha,
        "who": asked.who,
    }
    key = waiting_key(host, asked.place, asked.run, asked.environment)
    return Watch(key, WatchKind.DEPLOYMENT, host.name, asked.place, facts)
