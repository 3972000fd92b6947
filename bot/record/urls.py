"""DATABASE_URL: what it may be, and how it is shown without its secrets."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import RecordError

_POSTGRES = {"postgres", "postgresql", "postgresql+psycopg"}
_FORMS = "sqlite:///burnban.db or postgresql://user:password@host:5432/name"


def parse(url: str) -> URL:
    """The URL for SQLAlchemy, psycopg 3 for every form of Postgres. Raises RecordError."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The driver's own words, and any cause, would repeat the password.
        raise RecordError(f"DATABASE_URL cannot be read; it should look like {_FORMS}") from None
    if parsed.drivername in _POSTGRES:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "sqlite":
        kind = parsed.drivername
        raise RecordError(f"DATABASE_URL names a database of kind `{kind}`; it may be {_FORMS}")
    if not parsed.database or parsed.database == ":memory:":
        raise RecordError(f"DATABASE_URL names no file; it should look like {_FORMS}")
    return parsed


def is_sqlite(url: URL) -> bool:
    """Whether it is a file of ours alone."""
    return url.drivername == "sqlite"


def file_of(url: URL) -> Path:
    """The database file of a SQLite URL."""
    return Path(url.database or "")


def shown(url: URL) -> str:
    """The URL for people: no user, no password, no parameters (certificates have passwords too)."""
    if is_sqlite(url):
        return str(file_of(url))
    host = url.host or "its local socket"
    return f"{host}:{url.port or 5432}/{url.database or ''}"
