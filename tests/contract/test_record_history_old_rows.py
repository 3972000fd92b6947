"""A history that an earlier version wrote is proven by this one, row by row, and goes on."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, text

from bot.decide.people import Actor, Door
from bot.ports import HistoryFilter
from bot.record import Database, migrate
from bot.record.migrate import config, connected
from tests.postgres import PostgresServer
from tests.record_samples import decision

pytest_plugins = ["tests.record_stores"]

FORMER = "0008"
"""The last version before rows could be moved out."""
EVENTS = ("warning_opened", "freeze_requested", "vote_cast", "frozen", "lifted")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database as an earlier version left it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create_database()
    with connected(url, "BEGIN IMMEDIATE") as connection:
        command.upgrade(config(connection), FORMER)
        write(connection, 12)
    return url


def write(connection: Connection, rows: int) -> None:
    """Rows as the first version wrote them; nothing here is to follow the product."""
    previous = "0" * 64
    for seq in range(1, rows + 1):
        at, event = f"2025-11-{seq:02d}T08:00:00.250000+00:00", EVENTS[seq % len(EVENTS)]
        said: dict[str, Any] = {
            "event": event,
            "at": at,
            "actor": [f"U{seq}", f"näme {seq}", ("slack", "terminal", "policy")[seq % 3]],
            "scope": ("all", "team:search", "service:ranker")[seq % 3],
            "reason": "“because” <!channel>\u2028",
            "evidence": {"bad": 0.1 + seq, "left": None, "votes": [["U1", "approve"]], "n": seq},
            "policy": "v1",
            "objective": "ranker/availability" if seq % 2 else "",
        }
        body = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.sha256(f"v1\n{previous}\n{seq}\n{body}".encode()).hexdigest()
        names = "seq, at, event, actor, scope, objective, body, previous, hash"
        marks = ", ".join(f":{name}" for name in names.split(", "))
        row = {
            "seq": seq,
            "at": at[:26].replace("T", " "),
            "event": event,
            "actor": said["actor"][0],
            "scope": said["scope"],
            "objective": said["objective"],
            "body": body,
            "previous": previous,
            "hash": digest,
        }
        connection.execute(text(f"INSERT INTO decisions ({names}) VALUES ({marks})"), row)
        previous = digest
    head = text("UPDATE decision_head SET seq = :seq, hash = :hash")
    connection.execute(head, {"seq": rows, "hash": previous})


def test_what_an_earlier_version_wrote_is_proven_after_the_migration(url: str) -> None:
    migrate(url)
    with Database(url) as record:
        proof = record.read(lambda books: books.history.verify())
        assert (proof.rows, proof.broken) == (12, None)
        found = record.read(lambda books: books.history.find(HistoryFilter(limit=99)))
        assert [row.seq for row in found] == list(range(12, 0, -1))
        assert found[0].decision.actor == Actor("U12", "näme 12", Door.SLACK)


def test_an_old_history_goes_on_with_what_is_known_today(url: str) -> None:
    migrate(url)
    with Database(url) as record:
        known = Actor("U1", "ada", Door.SLACK, "email:ada@example.org")
        record.write(lambda books: books.history.append(decision(by=known)))
        proof = record.read(lambda books: books.history.verify())
        assert (proof.rows, proof.broken) == (13, None)


def test_a_row_that_was_changed_before_the_migration_is_named_after_it(url: str) -> None:
    with connected(url, "BEGIN IMMEDIATE") as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER decisions_no_update"))
        else:
            connection.execute(text("ALTER TABLE decisions DISABLE TRIGGER USER"))
        connection.execute(
            text("UPDATE decisions SET body = replace(body, 'n', 'm') WHERE seq = 7")
        )
        if connection.dialect.name == "sqlite":
            refusal = "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
            trigger = f"CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions {refusal}"
            connection.execute(text(trigger))
    migrate(url)
    with Database(url) as record:
        broken = record.read(lambda books: books.history.verify()).broken
        assert broken is not None
        assert broken.seq == 7
