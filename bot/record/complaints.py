"""What the database says, in plain words."""

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from bot.errors import Doubtful, RecordError, Silent

DATABASE_ERRORS = (SQLAlchemyError, psycopg.Error, sqlite3.Error, UnicodeError)
"""All that may come out of a transaction and is not the caller's own."""

_MIGRATE = "has no tables as this version of Burnban needs them: run `burnban migrate`"
_SENTENCES = (
    ("database is locked", "is busy: another process is writing to it for too long"),
    ("no such table", _MIGRATE),
    ("no such column", _MIGRATE),
    ("unable to open database file", "cannot be opened: does its folder exist, may it be written?"),
    ("readonly database", "may not be written: check the rights on the file and its folder"),
    ("disk is full", "cannot grow: the disk is full"),
    ("not a database", "is no SQLite database"),
    ("malformed", "is damaged: restore it from a copy"),
    ("append-only", "keeps its history append-only: a change to a stored decision was refused"),
)
_STATES = {
    "42P01": _MIGRATE,
    "42703": _MIGRATE,
    "42501": "refuses this to its user: only the owner of the tables may do it (docs/history.md)",
    "3D000": "does not exist on that server: create it first",
    "28P01": "refused the user name or the password",
    "28000": "refused the user",
    "53300": "has no connection to spare",
    "55P03": "kept us waiting too long for a lock",
    "57014": "took too long to answer and was stopped",
    "57P01": "is shutting down",
    "57P03": "is starting up or shutting down",
    "40P01": "could not untangle transactions that waited for each other",
}


def complaint(error: Exception, place: str, *, committing: bool = False) -> RecordError:
    """The error for people. `place`: the database, without its secrets. `committing`: it came when
    all was said but for the commit: a connection lost then leaves the outcome open."""
    if isinstance(error, NoFreeConnection):
        return Silent(f"all connections to the database {place} are busy; try again")
    if isinstance(error, UnicodeError):
        return RecordError("a text that is not valid Unicode cannot be stored")
    said = f"the database {place} {_what(error)}"
    if committing and _lost(error):
        return Doubtful(f"{said}; whether the change was stored is not known")
    return Silent(said) if _away(error) else RecordError(said)


def state_of(error: Exception) -> str:
    """PostgreSQL's five letters for what happened; empty where there are none."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", None) or "")


_LIMITS = "54"
"""PostgreSQL's class of errors for what is too large or too complex for it."""


def _away(error: Exception) -> bool:
    """Whether the database as it is now is to blame, and not what it was asked."""
    kinds = (OperationalError, psycopg.OperationalError, sqlite3.OperationalError)
    return _lost(error) or (isinstance(error, kinds) and not state_of(error).startswith(_LIMITS))


def _lost(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _what(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    known = _STATES.get(state_of(error))
    if known is not None:
        return known
    said = str(cause).strip().partition("\n")[0]
    for words, sentence in _SENTENCES:
        if words in said:
            return sentence
    if isinstance(cause, psycopg.OperationalError) and "Connection refused" in str(cause):
        return "does not answer (connection refused)"
    if isinstance(cause, psycopg.OperationalError):
        return f"cannot be reached: {said}"
    return f"did not take that: {said}"
