"""What a power cut cannot take."""

from pathlib import Path

from bot.record.engines import engines
from bot.record.urls import parse

FULL = 2


def test_a_commit_on_sqlite_is_on_the_disk_before_it_is_told(tmp_path: Path) -> None:
    made = engines(parse(f"sqlite:///{tmp_path / 'burnban.db'}"), pool=1, patience=1.0)
    try:
        with made.writing.connect() as connection:
            told = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("synchronous", "journal_mode", "foreign_keys")
            }
    finally:
        made.dispose()
    assert told == {"synchronous": FULL, "journal_mode": "wal", "foreign_keys": 1}
