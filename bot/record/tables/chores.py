"""Work that is due once a turn."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class ChoreRow(SQLModel, table=True):
    """The turn that was done last, and the one that somebody is at."""

    __tablename__ = "chores"

    name: str = Field(primary_key=True)
    turn: str = ""
    done_at: datetime | None = None
    claimed: str = ""
    """The turn that is in somebody's hands."""
    claimed_at: datetime | None = None
    claim_until: datetime | None = None
