"""The replayed day as `burnban demo` takes it: when it begins, and its files in a folder."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files as packaged
from pathlib import Path

from bot.playground.fleet.counts import write_csv

SPECS = "specs"
COUNTS = "counts.csv"


def day_start(real_now: datetime) -> datetime:
    """08:00 UTC two days before the real date: what is replayed always lies in the past."""
    date = real_now.astimezone(UTC).date() - timedelta(days=2)
    return datetime.combine(date, time(8), UTC)


def files(counts: str) -> Mapping[str, str]:
    """The spec files by name, reading their counts from the file at the path `counts`."""
    found = packaged("bot.playground.fleet") / SPECS
    return {
        each.name: each.read_text(encoding="utf-8").replace(
            f"path: {COUNTS}", f"path: {json.dumps(counts)}"
        )
        for each in sorted(found.iterdir(), key=lambda entry: entry.name)
        if each.name.endswith(".yaml")
    }


def lay_out(folder: Path, start: datetime) -> None:
    """Write `specs/*.yaml` and `counts.csv` into `folder`; the same start, the same files."""
    specs = folder / SPECS
    specs.mkdir(parents=True, exist_ok=True)
    counts = folder / COUNTS
    write_csv(counts, start)
    for name, text in files(str(counts.resolve())).items():
        (specs / name).write_text(text, encoding="utf-8")
