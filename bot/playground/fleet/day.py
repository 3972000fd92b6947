"""The replayed day as `burnban demo` takes it: when it begins, and its files in a folder."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files as packaged
from pathlib import Path

from bot.playground.fleet.corrected import write_corrected
from bot.playground.fleet.counts import write_csv

SPECS = "specs"
"""The folder of the spec files inside the one that `lay_out` fills."""
LABELS = "labels.csv"
"""Labels that can be pushed by hand."""


def day_start(real_now: datetime) -> datetime:
    """08:00 UTC two days before the real date: what is replayed always lies in the past."""
    date = real_now.astimezone(UTC).date() - timedelta(days=2)
    return datetime.combine(date, time(8), UTC)


def files() -> Mapping[str, str]:
    """The spec files: text by name. They look for `counts.csv` in the folder above their own."""
    found = packaged("bot.playground.fleet").joinpath(SPECS).iterdir()
    texts = {each.name: each.read_text(encoding="utf-8") for each in found if each.is_file()}
    return dict(sorted(texts.items()))


def lay_out(folder: Path, start: datetime) -> None:
    """Write `specs/*.yaml`, `counts.csv` and `labels.csv` into `folder`; the same start gives the
    same files."""
    specs = folder / SPECS
    specs.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (specs / name).write_text(text, encoding="utf-8")
    write_csv(folder / "counts.csv", start)
    write_corrected(folder / LABELS, start)
