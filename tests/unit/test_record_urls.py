"""DATABASE_URL and complaints: plain words, no secrets."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from bot.errors import RecordError
from bot.record import Database, migrate, pending
from bot.record.complaints import complaint
from bot.record.urls import parse, shown

CANARY = "s3cr3t-canary"


@pytest.mark.parametrize("form", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_form_of_postgres_means_psycopg_3(form: str) -> None:
    assert parse(f"{form}://u:p@db/burnban").drivername == "postgresql+psycopg"


def test_a_shown_url_has_neither_user_nor_password_nor_parameters() -> None:
    url = f"postgresql://ada:{CANARY}@db.example:5433/burnban?sslpassword={CANARY}"
    assert shown(parse(url)) == "db.example:5433/burnban"
    assert shown(parse("sqlite:///data/burnban.db")) == "data/burnban.db"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://u:p@db/burnban", "of kind `mysql`"),
        ("postgresql+asyncpg://u:p@db/burnban", "postgresql\\+asyncpg"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        (f"postgresql://u:{CANARY}@db:port/burnban", "should look like"),
        (f"postgresql://u:p@{CANARY}@db/burnban", "write @ as %40"),
        (f"postgresql://u:p@x/{CANARY}@db/burnban", "write @ as %40"),
        (f"postgresql://u:p@x?{CANARY}@db/burnban", "write @ as %40"),
        (f"postgresql://u/x:{CANARY}@db/burnban", "and / as %2F"),
        ("sqlite:///burnban.db?timeout=x", "a SQLite file takes none"),
        ("sqlite:///burnban.db?mode", "a SQLite file takes none"),
        ("burnban.db", "should look like"),
        ("", "should look like"),
    ],
)
def test_a_url_that_cannot_be_is_refused_with_one_that_can(url: str, words: str) -> None:
    with pytest.raises(RecordError, match=words) as caught:
        parse(url)
    assert "sqlite:///burnban.db" in str(caught.value)
    assert CANARY not in str(caught.value)


def test_an_at_sign_is_taken_as_it_should_be_written() -> None:
    parsed = parse("postgresql://ada:p%40ss@db/burnban")
    assert (parsed.password, shown(parsed)) == ("p@ss", "db:5432/burnban")


@pytest.mark.parametrize("rest", [f"{CANARY}@db/burnban", f"x/{CANARY}@db/burnban"])
def test_what_was_cut_in_the_wrong_place_is_not_shown(rest: str) -> None:
    assert CANARY not in shown(make_url(f"postgresql://u:p@{rest}"))


def test_a_server_that_is_not_there_is_told_without_secrets() -> None:
    url = f"postgresql://ada:{CANARY}@127.0.0.1:1/burnban?connect_timeout=2"
    with Database(url) as database:
        for work in (database.check, lambda: migrate(url), lambda: pending(url)):
            with pytest.raises(
                RecordError,
                match=r"127\.0\.0\.1:1/burnban does not answer \(connection refused\)$",
            ) as caught:
                work()
            told: BaseException | None = caught.value
            while told is not None:
                assert CANARY not in str(told)
                told = told.__cause__


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/no/burnban.db")
    with database, pytest.raises(RecordError, match="does its folder exist"):
        database.check()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("Dear diary, " * 100)
    database = Database(f"sqlite:///{path}")
    with database, pytest.raises(RecordError, match="is no SQLite database"):
        database.check()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (sqlite3.OperationalError("database is locked"), "another process is writing"),
        (sqlite3.OperationalError("no such table: accounts"), "burnban migrate"),
        (sqlite3.OperationalError("database or disk is full"), "disk is full"),
        (psycopg.errors.UndefinedTable("relation"), "burnban migrate"),
        (psycopg.errors.LockNotAvailable("x"), "waiting too long for a lock"),
        (psycopg.errors.QueryCanceled("x"), "took too long"),
        (psycopg.errors.DeadlockDetected("x"), "waited for each other"),
        (psycopg.OperationalError("server closed\nDETAIL"), "cannot be reached: server closed$"),
        (ValueError("x"), "did not take that: x"),
    ],
)
def test_what_the_database_says_is_put_in_plain_words(error: Exception, words: str) -> None:
    wrapped = OperationalError("SELECT 1", {}, error)
    for one in (error, wrapped):
        with pytest.raises(RecordError, match=words):
            raise complaint(one, "db/burnban")


def test_text_that_is_no_unicode_is_refused_in_words() -> None:
    error = UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
    assert "not valid Unicode" in str(complaint(error, "db"))
