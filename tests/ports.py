"""Ports for servers of a test's own."""

import os
import socket
from itertools import count

_FIRST, _BEYOND = 15_000, 31_000
"""Below the ports that the system gives to connections, which would take one between the moment
when it is found free and the moment when the server starts."""
_SHARE = 100
_turns = count(os.getpid() % ((_BEYOND - _FIRST) // _SHARE) * _SHARE)
"""Tests run in several processes at the same time: each begins at a place of its own."""


def free_port() -> int:
    """A port that nobody uses just now, another one at every call."""
    while True:
        port = _FIRST + next(_turns) % (_BEYOND - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
