"""What all tables share: one metadata with names for every constraint, and the kinds of columns."""

from typing import Any

from sqlalchemy import BigInteger, Column, Double, Text
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""SQLite can only change a constraint that has a name (batch mode makes the table anew)."""

metadata = SQLModel.metadata
metadata.naming_convention = NAMING


def text(*, null: bool = False) -> Any:
    """A text without a limit."""
    return Column(Text, nullable=null)


def double(*, null: bool = False) -> Any:
    """A count: whole events are exact up to 2^53."""
    return Column(Double, nullable=null)


def seconds(*, key: bool = False, null: bool = False) -> Any:
    """Whole seconds since 1970, or a number of them."""
    return Column(BigInteger, primary_key=key, autoincrement=False, nullable=null)
