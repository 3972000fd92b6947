"""What became of releases that were advised against: on record once they serve no more; and a word
if one goes on serving although its rollback was approved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.decide.approval import Request, RequestState
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import BURNBAN
from bot.decide.release import End, Release
from bot.decide.scope import Reach, Scope
from bot.flow.announce import refresh_request
from bot.flow.canary.evidence import releases_of
from bot.flow.docket import places
from bot.flow.facts import Facts, epoch
from bot.ports import Act, Books, Clock, Outgoing, Record
from bot.ports.hosts import Watch, WatchKind

EVERY = timedelta(seconds=30)
LEASE = 30.0
"""Seconds for one look."""
PATIENCE = timedelta(minutes=15)
"""An approved rollback that is not seen by then is spoken of, once."""


@dataclass(frozen=True)
class FollowAdvice:
    """The flow of the ticker."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops: str

    def run(self) -> int:
        """How many were looked at."""
        now = self.clock.now()
        watches = self.record.read(lambda books: books.watches.of(WatchKind.ROLLBACK))
        due = [one for one in watches if one.due_at is None or one.due_at <= now]
        return sum(self._look(one) for one in due)

    def _look(self, watch: Watch) -> bool:
        """In one transaction: what is told is stored, and nobody else looks meanwhile."""
        return self.record.write(lambda books: self._settle(books, watch, self.clock.now()))

    def _settle(self, books: Books, known: Watch, now: datetime) -> bool:
        # Whoever votes locks the request before what follows from it, and so do we.
        books.requests.get_locked(int(known.facts["request"]))
        watch = books.watches.claim(known.key, now, LEASE)
        if watch is None:
            return False
        stay = _stay(books, watch, now)
        if stay is None or not stay.live(now):
            self._over(books, watch, stay, now)
            books.watches.drop(watch)
            return True
        mark = watch.mark
        granted = str(watch.facts["granted"])
        if granted and not mark and now - datetime.fromisoformat(granted) >= PATIENCE:
            self._still(books, watch, now)
            mark = "told"
        books.watches.keep(replace(watch, mark=mark, due_at=now + EVERY), now)
        return True

    def _over(self, books: Books, watch: Watch, stay: Release | None, now: datetime) -> None:
        said, request = watch.facts, books.requests.get(int(watch.facts["request"]))
        scope = Scope(Reach.SERVICE, watch.place)
        end = str(stay.end or End.ENDED) if stay is not None else str(End.ENDED)
        ended = stay.ended if stay is not None and stay.ended is not None else now
        decided = str(request.state(now)) if request is not None else "watched"
        facts: Facts = {
            **said, "end": end, "ended": ended.isoformat(), "decided": decided,
            "service": watch.place,
        }  # fmt: skip
        reason = f"{said['release']} of {watch.place} serves no more ({end.replace('_', ' ')})"
        books.history.append(
            Decision(Event.ROLLBACK_ENDED, now, BURNBAN, str(scope), reason, facts)
        )
        if request is None:
            return
        if books.requests.close(request.id, RequestState.SUPERSEDED, now):
            request = replace(request, closed=RequestState.SUPERSEDED)
            self._refresh(books, request, now)
        self._news(books, request, said, {"news": "over", "end": end, "at": epoch(ended)}, now)

    def _still(self, books: Books, watch: Watch, now: datetime) -> None:
        request = books.requests.get(int(watch.facts["request"]))
        if request is not None:
            granted = datetime.fromisoformat(str(watch.facts["granted"]))
            more: Facts = {"news": "still", "end": "", "at": epoch(granted)}
            self._news(books, request, watch.facts, more, now)

    def _refresh(self, books: Books, request: Request, now: datetime) -> None:
        votes = books.requests.votes(request.id)
        refresh_request(books, self.catalog(), self.ops, request, votes, now)

    def _news(
        self, books: Books, request: Request, said: Mapping[str, Any], more: Facts, now: datetime
    ) -> None:
        """In the thread of the proposal."""
        facts = {
            "service": request.scope.name, "release": said["release"], "to": said["to"],
            "request": request.id, "word": self.catalog().word(request.scope), **more,
        }  # fmt: skip
        for topic, channel in places(self.catalog(), self.ops, request):
            key = f"{topic}:{more['news']}"
            told = Outgoing(key, channel, topic, Act.REPLY, "rollback_news", facts)
            books.outbox.put(told, now)


def _stay(books: Books, watch: Watch, now: datetime) -> Release | None:
    """The release that was advised against: what came back later is another one."""
    advised = datetime.fromisoformat(str(watch.facts["advised"]))
    found = [
        one
        for one in releases_of(books, watch.place, now)
        if one.version == watch.facts["release"] and one.began <= advised
    ]
    return found[-1] if found else None
