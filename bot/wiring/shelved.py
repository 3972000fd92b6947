"""Is an export still what went out? Its digest, its seal, and the chain of its rows."""

import json
from pathlib import Path
from typing import Any

from bot.decide.proof import prove
from bot.decide.seal import Trust, read
from bot.entrypoints.exports import digest, links_of
from bot.entrypoints.terminal import counted
from bot.errors import UserError
from bot.notify.checkup import Check
from bot.ports import Seals
from bot.wiring.exporting import manifest_of


def check_export(path: Path, seals: Seals) -> Check:
    """Read the whole file. Raises UserError if it or its manifest cannot be read."""
    said = _manifest(path)
    try:
        problem = _digest(path, said) or _seal(said, seals) or _chain(path, said)
        rows, seq, mark = said["count"], said["last_seq"], said["last_hash"]
    except (KeyError, TypeError) as error:
        raise UserError(f"{manifest_of(path)} is no manifest: {error} is missing.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    if problem:
        return Check("export", False, problem)
    words = f"{counted(rows, 'decision')}, as they went out"
    return Check("export", True, f"{words}; {seq} is the last, its hash is {mark}")


def _manifest(path: Path) -> Any:
    beside = manifest_of(path)
    try:
        return json.loads(beside.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{beside} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UserError(f"{beside} is no manifest.") from error


def _digest(path: Path, said: Any) -> str:
    if digest(path) == said["sha256"]:
        return ""
    return "the file is not the one of its manifest: its SHA-256 is another"


def _seal(said: Any, seals: Seals) -> str:
    try:
        seal = read(json.dumps(said["seal"]))
    except ValueError:
        return "the seal of the manifest is none"
    if (seal.hash, seal.seq) != (said["sha256"], said["last_seq"]):
        return "the seal of the manifest is of another file"
    trust = seals.trust(seal)
    if trust is Trust.FORGED:
        return "the manifest does not bear the signature of its own seal: it was changed"
    if seals.known and trust is not Trust.TRUSTED:
        return f"the manifest is not signed with a key that is known here ({trust})"
    return ""


def _chain(path: Path, said: Any) -> str:
    """Only lines of JSON bear the texts that the hashes were made of, and only a chain without
    gaps is one."""
    if said["format"] != "jsonl" or not said["complete"] or not said["count"]:
        return ""
    last = said["last_seq"], said["last_hash"]
    base = said["first_seq"] - 1, said["before_first"]
    proof = prove(links_of(path), last, base, sealed=True)
    return f"broken at decision {proof.broken.seq}: {proof.broken.sentence}" if proof.broken else ""
