"""The line to Slack: opened at the start, and tried again while Slack cannot be reached. Meanwhile
the rest of Burnban polls and records."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.config import Settings
from bot.errors import ConfigError, DeliveryError, Fault, Refused
from bot.notify.answers import asking

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two attempts; each pause is twice the one before."""


class SlackLine:
    """One process's way to Slack. `build` makes what answers requests (None: nothing is answered
    here); `greet` is called once, when Slack has answered."""

    def __init__(
        self,
        settings: Settings,
        client: WebClient,
        build: Callable[[], App] | None,
        greet: Callable[[], object] = lambda: None,
    ) -> None:
        self._settings = settings
        self._client = client
        self._build = build
        self._greet = greet
        self._app: App | None = None
        self._handler: SocketModeHandler | None = None
        self._over = threading.Event()
        self._refusal: ConfigError | None = None
        self.open = False

    def app(self) -> App | None:
        """What answers Slack's requests; None as long as Slack has not been reached."""
        return self._app

    def attempt(self) -> bool:
        """Try once: check the tokens, and connect if this is Socket Mode. False if Slack cannot be
        reached now. Raises ConfigError for a token that Slack refuses."""
        try:
            self._connect()
        except DeliveryError as error:
            log.warning("Slack: %s; it is tried again, the rest goes on", error)
            return False
        self.open = True
        self._greet()
        return True

    @contextmanager
    def kept(self, stop: threading.Event) -> Iterator[None]:
        """While the block runs, go on trying; afterwards hang up. If Slack comes to refuse a token
        meanwhile, `stop` is set, and ConfigError is raised once the block has ended."""
        trying = threading.Thread(target=self._keep_trying, args=(stop,), name="slack line")
        trying.start()
        try:
            yield
        finally:
            self._over.set()
            trying.join()
            if self._handler is not None:
                self._handler.close()  # type: ignore[no-untyped-call] # Bolt does not type it
        if self._refusal is not None:
            raise self._refusal

    def _keep_trying(self, stop: threading.Event) -> None:
        pause = FIRST_PAUSE
        while not self.open and not self._over.wait(pause):
            pause = min(LONGEST_PAUSE, 2 * pause)
            try:
                if self.attempt():
                    log.info("Slack is reached now")
            except ConfigError as error:
                self._refusal = error
                stop.set()
                return
            except Exception:
                log.exception("the line to Slack could not be opened; it is tried again")

    def _connect(self) -> None:
        check_token(self._client)
        token = self._settings.slack_app_token
        if token is not None and self._build is not None:
            check_app_token(self._client, token.get_secret_value())
        if self._build is None:
            return
        with asking("auth.test"):
            app = self._app or self._build()
        if token is not None:
            self._handler = _socket(app, self._client, token.get_secret_value())
            log.info("connected to Slack over Socket Mode")
        self._app = app


def _socket(app: App, client: WebClient, token: str) -> SocketModeHandler:
    # Bolt's own client would ask slack.com, whatever SLACK_API_URL says.
    handler = SocketModeHandler(app, token, web_client=client)
    try:
        with asking("Socket Mode"):
            handler.connect()  # type: ignore[no-untyped-call] # Bolt does not type it
    except BaseException:
        handler.close()  # type: ignore[no-untyped-call] # nor this
        raise
    return handler


def check_token(client: WebClient) -> None:
    """Ask Slack who we are. Raises ConfigError with what to do, DeliveryError without an answer."""
    try:
        with asking("auth.test"):
            client.auth_test()
    except Refused as error:
        problem = f"Slack refuses the bot token: {error.code}."
        fault = Fault("SLACK_BOT_TOKEN", "", problem, "Run `burnban doctor`.")
        raise ConfigError([fault]) from None


def check_app_token(client: WebClient, token: str) -> None:
    """Ask Slack for a way to connect, as Socket Mode does. Raises as `check_token`."""
    try:
        with asking("apps.connections.open"):
            client.apps_connections_open(app_token=token)
    except Refused as error:
        problem = f"Slack refuses the app-level token: {error.code}."
        remedy = "Make one with the scope connections:write (Basic Information), copy it again."
        raise ConfigError([Fault("SLACK_APP_TOKEN", "", problem, remedy)]) from None
