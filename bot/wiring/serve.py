"""Answering HTTP until told to stop."""

import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import uvicorn

from bot.config import Settings
from bot.entrypoints.api.app import build_api
from bot.entrypoints.http import build_http
from bot.errors import ConfigError, Fault
from bot.ports import Directory
from bot.wiring.chat import signing_secret
from bot.wiring.cluster import cluster_doors
from bot.wiring.core import Core
from bot.wiring.heads import config_of
from bot.wiring.health import health
from bot.wiring.line import SlackLine
from bot.wiring.outside import doors
from bot.wiring.tls import check, secured

log = logging.getLogger(__name__)

ENDINGS = (signal.SIGINT, signal.SIGTERM)


class _Server(uvicorn.Server):
    """Ends when told to, and then lets the rest of the process end: uvicorn's own raises the signal
    once more, which would end it at once."""

    def __init__(self, config: uvicorn.Config, stop: threading.Event) -> None:
        super().__init__(config)
        self._stop = stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """See uvicorn.Server; a second signal does no harm later either."""
        for name in ENDINGS:
            signal.signal(name, self.handle_exit)
        yield

    async def on_tick(self, counter: int) -> bool:
        """See uvicorn.Server; ten times a second."""
        return self._stop.is_set() or await super().on_tick(counter)


@dataclass(frozen=True)
class Ports:
    """What is listened on."""

    plain: socket.socket
    secure: socket.socket | None
    """With TLS; None: nothing."""


@contextmanager
def listening(settings: Settings) -> Iterator[Ports]:
    """Take the ports. Raises ConfigError if somebody else has them, or TLS is set up wrongly."""
    check(settings)
    with ExitStack() as stack:
        plain = stack.enter_context(listen(settings.port))
        if settings.tls_cert is None:
            yield Ports(plain, None)
            return
        secure = listen(settings.tls_port, name="BURNBAN_TLS_PORT")
        yield Ports(plain, stack.enter_context(secure))


def serve(
    core: Core, line: SlackLine, directory: Directory, ports: Ports, stop: threading.Event
) -> None:
    """Answer HTTP until a signal, or until `stop` is set. `directory`: whom an emergency in a
    cluster is told."""
    # An acknowledgement must not wait its turn behind answers that are being worked out.
    sys.setswitchinterval(0.001)
    settings = core.settings
    socket_mode = settings.slack_app_token is not None
    facts = health(core, lambda: {"slack": "reached" if line.open else "not reached"})
    web = build_http(None if socket_mode else line.app, signing_secret(settings), facts)
    web.mount("/v1", build_api(core.gate.api))
    for path, application in doors(core).items():
        web.mount(path, application)
    inner = build_http(None, "", facts)
    for path, application in cluster_doors(core, directory).items():
        web.mount(path, application)
        inner.mount(path, application)
    what = "/healthz; Slack comes over Socket Mode" if socket_mode else "/slack/events, /healthz"
    log.info("Burnban listens on port %d: %s", settings.port, what)
    config = config_of(web, keep_alive=15)
    # What was built until now stays as long as the process: to look through it for garbage again
    # and again, specs of a thousand services among it, would hold up whoever asks meanwhile.
    gc.collect()
    gc.freeze()
    with secured(settings, inner, ports.secure):
        _Server(config, stop).run(sockets=[ports.plain])


def listen(
    port: int,
    host: str = "0.0.0.0",  # noqa: S104 - a server
    name: str = "PORT",
) -> socket.socket:
    """Take the port. Raises ConfigError if somebody else has it."""
    try:
        return socket.create_server((host, port), backlog=2_048)
    except OSError as error:
        problem = f"port {port} cannot be taken: {error.strerror}."
        raise ConfigError([Fault(name, "", problem, "Is another Burnban running?")]) from None


def wait(stop: threading.Event) -> None:
    """The same without HTTP."""
    for name in ENDINGS:
        signal.signal(name, lambda *_: stop.set())
    log.info("Burnban works; ^C or SIGTERM ends it")
    stop.wait()
