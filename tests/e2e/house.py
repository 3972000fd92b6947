"""A Burnban of the test's own: its settings, its verbs, its processes, beside a loopback Slack."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from bot.playground.seed import OPS_CHANNEL
from tests.e2e.process import Process, answering
from tests.e2e.slack import Slack
from tests.e2e.verbs import forked_burnban
from tests.ports import free_port


@dataclass
class House:
    """Settings and a folder; `run` and `say` start processes with them."""

    folder: Path
    specs: Path
    database_url: str
    slack: Slack
    port: int = field(default_factory=free_port)
    extra: dict[str, str] = field(default_factory=dict)
    speak: Callable[[Sequence[str], Mapping[str, str], Path], CompletedProcess[str]] = (
        forked_burnban
    )
    """How verbs are run that end by themselves."""

    @property
    def env(self) -> dict[str, str]:
        """What a user would write into `.env`."""
        return {
            "BURNBAN_SPECS": str(self.specs),
            "DATABASE_URL": self.database_url,
            "BURNBAN_OPS_CHANNEL": f"#{OPS_CHANNEL.name}",
            "PORT": str(self.port),
            **self.slack.env,
            **self.extra,
        }

    def say(self, *words: str, **changes: str) -> CompletedProcess[str]:
        """A verb that ends by itself."""
        return self.speak(words, self.env | changes, self.folder)

    def json(self, *words: str) -> Any:
        """What a verb prints as JSON."""
        done = self.say(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def process(self, verb: str, name: str = "") -> Process:
        """A verb that runs until it is stopped; not yet started."""
        return Process([verb], self.env, self.folder, name)

    @contextmanager
    def run(self, *, socket: bool = False) -> Iterator[Process]:
        """`burnban run`, up and known to Slack over HTTP or Socket Mode."""
        if socket:
            self.extra["SLACK_APP_TOKEN"] = self.slack.space.keys.app
        with self.process("run") as process:
            self.slack.logs = lambda: process.log
            url = answering(process, self.port, 60.0)
            if socket:
                assert self.slack.server.sockets.wait_connected(30.0), process.log
            else:
                self.slack.server.request_url = f"{url}/slack/events"
            yield process
