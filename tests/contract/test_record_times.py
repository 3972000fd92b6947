"""Times come back as they went in: aware, UTC, the same instant, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.types import DateTime
from sqlmodel import UTCDateTime

from bot.ports import Record
from bot.record.tables import metadata
from tests.record_samples import freeze

pytest_plugins = ["tests.record_stores"]

WINTER = datetime(2026, 1, 15, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    "at",
    [
        WINTER,
        WINTER.astimezone(timezone(timedelta(hours=5, minutes=45))),
        WINTER.astimezone(timezone(timedelta(hours=-11))),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # an hour that Europe has twice
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    ],
)
def test_an_instant_keeps_its_place_and_its_zone_is_utc(record: Record, at: datetime) -> None:
    one = record.write(lambda books: books.freezes.add(freeze()))
    record.write(lambda books: books.freezes.lift(one.id, at + timedelta(days=9_999)))
    record.write(lambda books: books.freezes.cooling(one.id, at))
    found = record.read(lambda books: books.freezes.get(one.id))
    assert found is not None
    assert found.recovering_since == at
    assert found.recovering_since.utcoffset() == timedelta(0)


def test_every_time_column_is_of_the_kind_that_keeps_utc() -> None:
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    times = [c for c in columns if isinstance(c.type, (UTCDateTime, DateTime))]
    assert len(times) > 20
    assert all(isinstance(column.type, UTCDateTime) for column in times)
