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
        if url.count("@") > 1 or "@" in f"{parsed.host}{parsed.database}":
            # What was cut in the wrong place may be part of a password: none of it is shown.
            raise RecordError(
                f"DATABASE_URL has an @ or a / too many; in a user or password write @ as %40 "
                f"and / as %2F; it should look like {_FORMS}"
            )
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "sqlite":
        kind = parsed.drivername
        raise RecordError(f"DATABASE_URL names a database of kind `{kind}`; it may be {_FORMS}")
    if not parsed.database or parsed.database == ":memory:":
        raise RecordError(f"DATABASE_URL names no file; it should look like {_FORMS}")
    if "?" in url:
        raise RecordError(
            f"DATABASE_URL has parameters after `?`, and a SQLite file takes none; "
            f"it should look like {_FORMS}"
        )
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
    if "@" in f"{url.host}{url.database}":
        return "the server of DATABASE_URL"
    host = url.host or "its local socket"
    return f"{host}:{url.port or 5432}/{url.database or ''}"
