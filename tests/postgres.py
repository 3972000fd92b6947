"""A real PostgreSQL server of the tests' own, whoever runs them.

The server refuses to run as root: it is then started as the user `postgres`, in a folder of that
user's. Databases are copied from a template, which takes 12 ms instead of a migration.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.components import need
from tests.ports import free_port

USER = "postgres"
_PATIENCE = 30.0


class PostgresServer:
    """A server on a free port of localhost for as long as the `with` lasts."""

    def __init__(self, *, durable: bool = False) -> None:
        """`durable`: commits reach the disk, as they do in earnest. Without the binaries the test
        is skipped, or fails where CI=true."""
        self._server = Path(need("postgres"))
        self._durable = durable
        self._names = count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "PostgresServer":
        self._home = Path(tempfile.mkdtemp(prefix="burnban-postgres-"))
        self._as: dict[str, Any] = {"cwd": "/"}
        if os.geteuid() == 0:
            who = pwd.getpwnam(USER)
            os.chown(self._home, who.pw_uid, who.pw_gid)
            self._as |= {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
        try:
            self._initialise()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def url(self) -> str:
        """The database that is always there."""
        return self.url_of("postgres")

    def url_of(self, name: str) -> str:
        """The URL of a database on this server."""
        return f"postgresql://{USER}@127.0.0.1:{self._port}/{name}"

    def create_database(self, template: str = "template1") -> str:
        """URL of a new database, a copy of `template` (to which nobody may be connected)."""
        name = f"test_{next(self._names)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return self.url_of(name)

    def drop_database(self, url: str) -> None:
        """Away with it, and with whoever is connected."""
        name = url.rsplit("/", 1)[1]
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

    def start(self) -> None:
        """Start it, again on the same port if it was stopped, and wait until it answers."""
        settings = {"listen_addresses": "127.0.0.1", "port": self._port, "max_connections": 200}
        settings |= {"unix_socket_directories": ""}
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._server, "-D", self._home / "data", *words],
                stdout=log,
                stderr=subprocess.STDOUT,
                **self._as,
            )
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop it: SIGQUIT at once, as a crash would; SIGINT after telling its clients."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_PATIENCE)
            self._process = None

    def _initialise(self) -> None:
        self._port = free_port()
        words = ["-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync", "--locale=C"]
        initdb = self._server.with_name("initdb")
        done = subprocess.run(
            [initdb, "-D", self._home / "data", *words],
            capture_output=True,
            check=False,
            **self._as,
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr.decode()}")

    def _wait(self) -> None:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > end or self._process is None or self._process.poll():
                    said = (self._home / "log").read_text()
                    raise RuntimeError(f"PostgreSQL did not start:\n{said}") from None
                time.sleep(0.02)
            else:
                return
