"""How the playground ends: at once, whoever may be at the door."""

import socket
import time
from urllib.parse import urlsplit

from bot.playground.server import PlaygroundServer
from tests.e2e.chaos import TEMPLATES
from tests.team import small_workspace


def test_whoever_connects_at_the_last_moment_is_shown_out_like_everybody_else() -> None:
    with PlaygroundServer(small_workspace(time.time), TEMPLATES) as server:
        where = urlsplit(server.url)
        door = where.hostname or "", where.port or 0
        guests = [socket.create_connection(door, timeout=5) for _ in range(50)]
        began = time.monotonic()
    took = time.monotonic() - began
    assert {farewell(guest) for guest in guests} == {b""}
    assert took < 5


def farewell(guest: socket.socket) -> bytes:
    """What comes before the end; nobody is left waiting."""
    with guest:
        try:
            return guest.recv(1)
        except ConnectionResetError:
            return b""
