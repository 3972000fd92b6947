"""Predictions with labels in files of their own, from the wheel of NannyML (Apache-2.0): car loan
(synthetic), census employment (real; spread evenly over 300 days, as it has years only), California
housing (real features, artificial hourly stamps, strong drift)."""

import argparse
import csv
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

DAY = 86_400
FIRST = 1_767_225_600
"""Midnight: the hour, and the day, of the first prediction."""
WHEEL = "nannyml==0.13.1"
_FOLDER = "nannyml/datasets/data/"
_SPREAD = 300 * DAY


@dataclass(frozen=True, slots=True)
class Prediction:
    """One prediction, by seconds since the first, and what was true."""

    at: int
    predicted: bool
    actual: bool


def asking(says: str | None) -> argparse.ArgumentParser:
    """A command line that names the wheel and a set."""
    parser = argparse.ArgumentParser(description=says)
    parser.add_argument("--wheel", type=Path, help="the wheel of NannyML; else pip gets it")
    parser.add_argument("--only", default="", help="part of the name of a set")
    return parser


@contextmanager
def wheel_of(options: argparse.Namespace) -> Iterator[Path]:
    """The wheel that was named, or the one that pip gets."""
    with tempfile.TemporaryDirectory() as folder:
        asked = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, WHEEL]
        if options.wheel is None:
            subprocess.run(asked, check=True)
        yield options.wheel or next(Path(folder).glob("nannyml-*.whl"))


def datasets(wheel: Path, only: str = "") -> dict[str, list[Prediction]]:
    """By name, in the order of time. Employment is left out without pyarrow: it is Parquet."""
    found = {}
    with zipfile.ZipFile(wheel) as opened:
        for name, load in ((one, how) for one, how in _LOADERS.items() if only in one):
            try:
                found[name] = load(opened)
            except ModuleNotFoundError as error:
                print(f"{name}: left out, as `{error.name}` is not installed")
    return found


def _car_loan(wheel: zipfile.ZipFile) -> list[Prediction]:
    return _stamped(wheel, "synthetic_car_loan_analysis", "_target", "repaid")


def _california(wheel: zipfile.ZipFile) -> list[Prediction]:
    return _stamped(wheel, "california_housing_analysis", "_gt", "clf_target")


def _stamped(wheel: zipfile.ZipFile, name: str, labels: str, column: str) -> list[Prediction]:
    truth = {row["id"]: row[column] for row in _csv(wheel, f"{name}{labels}.csv")}
    rows = [
        (datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC).timestamp(), row)
        for row in _csv(wheel, f"{name}.csv")
    ]
    first = min(at for at, _ in rows)
    found = [
        Prediction(int(at - first), _yes(row["y_pred"]), _yes(truth[row["id"]])) for at, row in rows
    ]
    return sorted(found, key=lambda one: one.at)


def _employment(wheel: zipfile.ZipFile) -> list[Prediction]:
    import pyarrow.parquet as parquet

    def table(name: str, *columns: str) -> list[list[int]]:
        read = parquet.read_table(io.BytesIO(wheel.read(_FOLDER + name)), columns=list(columns))
        return [read.column(column).to_pylist() for column in columns]

    ids, predicted = table("employment_MA_analysis.pq", "id", "prediction")
    truth = dict(zip(*table("employment_MA_analysis_target.pq", "id", "employed"), strict=True))
    every = _SPREAD / len(ids)
    return [
        Prediction(int(place * every), bool(guess), bool(truth[one]))
        for place, (one, guess) in enumerate(zip(ids, predicted, strict=True))
    ]


def _csv(wheel: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(wheel.read(_FOLDER + name).decode())))


def _yes(text: str) -> bool:
    return float(text) >= 0.5


_LOADERS: dict[str, Callable[[zipfile.ZipFile], list[Prediction]]] = {
    "car loan": _car_loan,
    "census employment": _employment,
    "California housing": _california,
}
