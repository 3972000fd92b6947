"""Which files are specs, and their texts."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from bot.errors import Fault

MAX_FILE = 1 << 20
MAX_TOTAL = 16 << 20
SPECS = (".yaml", ".yml")


def spec_files(folder: Path) -> list[Path]:
    """All `*.yaml`, `*.yml` and `*.ics` below a folder, sorted; hidden ones are left out. A file is
    itself, with the calendars beside it."""
    if folder.is_file():
        return [folder, *sorted(folder.parent.glob("*.ics"))]
    found = (path for path in folder.rglob("*") if path.suffix in (*SPECS, ".ics"))
    return sorted(path for path in found if path.is_file() and not _hidden(path, folder))


def _hidden(path: Path, folder: Path) -> bool:
    """Dot-files, and the copies behind the links of a mounted Kubernetes ConfigMap."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def read_texts(folder: Path) -> tuple[dict[str, str], list[Fault]]:
    """Name (as people may open it) and text of every spec file, and what could not be read."""
    try:
        paths = spec_files(folder)
    except OSError as error:
        return {}, [Fault(str(folder), "", f"It cannot be listed: {error.strerror}.")]
    if not folder.is_file() and not any(path.suffix in SPECS for path in paths):
        return {}, [_nothing(folder)]
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    total = 0
    for path in paths:
        text = _read(path, faults)
        if text is not None:
            texts[path.as_posix()] = text
            total += len(text)
    if total > MAX_TOTAL:
        problem = f"The files are larger than {MAX_TOTAL >> 20} MiB together."
        return {}, [Fault(folder.as_posix(), "", problem, "Keep other YAML files elsewhere.")]
    return texts, faults


def _nothing(folder: Path) -> Fault:
    problem = (
        "There are no spec files here." if folder.exists() else "There is no such file or folder."
    )
    remedy = (
        "Let `burnban init --prometheus http://…:9090` write the first ones, put a file with a "
        "DataSource and an SLO (apiVersion: openslo/v1) into it, or name another folder in "
        "BURNBAN_SPECS."
    )
    return Fault(folder.as_posix(), "", problem, remedy)


def _read(path: Path, faults: list[Fault]) -> str | None:
    where = path.as_posix()
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE + 1)
        if len(raw) > MAX_FILE:
            faults.append(Fault(where, "", "The file is larger than 1 MiB.", "Split it."))
            return None
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        faults.append(Fault(f"{where}:{line}", "", "This is not UTF-8.", "Save it as UTF-8 text."))
    except OSError as error:
        faults.append(Fault(where, "", f"It cannot be read: {error.strerror}."))
    return None


def version_of(texts: Mapping[str, str]) -> str:
    """Short hash of all the texts and their names."""
    digest = hashlib.sha256()
    for name, text in sorted(texts.items()):
        digest.update(f"{len(name)} {name} {len(text)} ".encode("utf-8", "replace"))
        digest.update(text.encode("utf-8", "replace"))
    return digest.hexdigest()[:12]
