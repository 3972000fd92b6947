"""Webhooks to addresses of the specs: by way of the outbox, over real HTTP."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.decide.outside import Hook, Outside, Topic
from bot.errors import ConfigError, Fault
from bot.flow.tell.deliver import Deliver
from bot.flow.tell.hooks import PREFIX, TEMPLATE, TellHooks
from bot.notify.hooks import HookMessenger, HookRenderer
from tests.flow.conftest import World
from tests.httpserver import BadServer, Conversation
from tests.pagerduty import status

SECRET = "not-a-real-secret"


@dataclass
class Hooked:
    """A world that tells an address."""

    world: World
    url: str
    talks: list[Callable[[Conversation], None]]
    server: BadServer
    topics: frozenset[Topic] = frozenset(Topic)
    secret: str = SECRET
    known: bool = field(default=True)

    def hook(self, name: str) -> Hook | None:
        """As the specs have it."""
        hook = Hook(name, f"{self.url}/in?key=hidden", "SECRET", self.topics)
        return hook if self.known else None

    def catalog(self) -> Catalog:
        """The specs."""
        hook = self.hook("audit")
        hooks = {"audit": hook} if hook else {}
        return replace(self.world.catalog(), outside=Outside(hooks=hooks))

    def follow(self) -> int:
        """Put on their way what has happened."""
        return TellHooks(self.world.record, self.world.clock, self.catalog).run()

    def deliver(self, seconds: float = 0) -> None:
        """What is due, at the pace of the lane."""
        world = self.world
        world.clock.advance(seconds)
        messenger = HookMessenger(world.messenger, PREFIX, self.hook, self._secret, world.clock.now)
        renderer = HookRenderer(world.renderer(), TEMPLATE)
        for _ in range(5):
            Deliver(
                world.record, world.clock, renderer, messenger, "w", world.ops, lambda: 0.0
            ).run()
            world.clock.advance(2)

    def _secret(self, name: str) -> str:
        if not self.secret:
            raise ConfigError([Fault(name, "", "is named in the spec files, but not set.")])
        return self.secret


@pytest.fixture
def hooked(world: World) -> Iterator[Hooked]:
    talks: list[Callable[[Conversation], None]] = []

    def answer(talk: Conversation) -> None:
        (talks.pop(0) if talks else status("204 No Content", ""))(talk)

    with BadServer(answer) as server:
        found = Hooked(world, server.url, talks, server)
        found.follow()
        yield found


def told(hooked: Hooked) -> list[str]:
    return [json.loads(one.body)["type"] for one in hooked.server.requests]


def test_what_happens_is_told_once_and_signed(hooked: Hooked) -> None:
    hooked.world.ask(Wish.FREEZE)
    assert hooked.follow() == 1
    assert hooked.follow() == 0
    hooked.deliver()
    (one,) = hooked.server.requests
    said = json.loads(one.body)
    assert said["type"] == "freeze.frozen"
    signed = f"{said['id']}.{one.headers['webhook-timestamp']}.{one.body}".encode()
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    assert one.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert one.headers["webhook-id"] == said["id"]


def test_a_secret_of_the_standard_form_is_base64(hooked: Hooked) -> None:
    hooked.secret = "whsec_" + base64.b64encode(b"key").decode()
    hooked.world.ask(Wish.FREEZE)
    hooked.follow()
    hooked.deliver()
    (one,) = hooked.server.requests
    signed = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.{one.body}".encode()
    digest = hmac.new(b"key", signed, hashlib.sha256).digest()
    assert one.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


def test_an_address_hears_nothing_of_before_it_was_named(world: World, hooked: Hooked) -> None:
    world.ask(Wish.FREEZE)
    hooked.follow()
    hooked.known = False
    hooked.deliver()
    assert hooked.server.requests == []


def test_only_the_topics_of_an_address_go_there(hooked: Hooked) -> None:
    hooked.topics = frozenset({Topic.THAW})
    hooked.world.ask(Wish.FREEZE)
    assert hooked.follow() == 0


def test_what_is_not_taken_now_is_sent_again_under_the_same_id(hooked: Hooked) -> None:
    hooked.world.ask(Wish.FREEZE)
    hooked.follow()
    hooked.talks.append(status("502 Bad Gateway", ""))
    hooked.deliver()
    hooked.deliver(600)
    assert len(hooked.server.requests) == 2
    assert len({one.headers["webhook-id"] for one in hooked.server.requests}) == 1


def test_patience_is_given_where_it_is_asked_for(hooked: Hooked) -> None:
    hooked.world.ask(Wish.FREEZE)
    hooked.follow()
    hooked.talks.append(status("429 Too Many Requests", "", "Retry-After: 120"))
    hooked.deliver()
    hooked.deliver(60)
    assert len(hooked.server.requests) == 1
    hooked.deliver(60)
    assert len(hooked.server.requests) == 2


def test_what_is_refused_is_parked_and_told_to_the_operators_once(hooked: Hooked) -> None:
    hooked.world.ask(Wish.FREEZE)
    hooked.follow()
    hooked.talks.extend([status("410 Gone", "")] * 3)
    hooked.deliver()
    hooked.deliver(60)
    ops = [one for one in hooked.world.heads("#ops") if "hook:audit" in one]
    assert len(ops) == 1
    assert "hidden" not in ops[0]
    hooked.deliver(3_600)
    assert told(hooked)[-1] == "freeze.frozen"


def test_a_secret_that_is_not_set_holds_back_and_is_told(hooked: Hooked) -> None:
    hooked.secret = ""
    hooked.world.ask(Wish.FREEZE)
    hooked.follow()
    hooked.deliver()
    assert hooked.server.requests == []
    assert any("hook:audit" in one for one in hooked.world.heads("#ops"))


def test_messages_to_people_go_their_own_way(hooked: Hooked) -> None:
    hooked.world.ask(Wish.FREEZE)
    hooked.follow()
    hooked.deliver()
    assert any("Frozen" in one or "frozen" in one for one in hooked.world.heads())
