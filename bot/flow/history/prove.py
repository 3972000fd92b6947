"""Is the history as it was written, also by what was said of it outside?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.decide.proof import ORIGIN, Proof
from bot.decide.seal import Seal, Trust
from bot.judge.dates import instant
from bot.ports import Books, Record, Seals

_STRANGE = "is signed with a key that is not known here"
_REMEDY = "if it is a former key, name it in BURNBAN_ANCHOR_TRUSTED or with --key"


@dataclass(frozen=True, slots=True)
class Examined:
    """What a look came to. `problem` is empty where all is sound; `notes` say how far that goes."""

    proof: Proof
    problem: str
    notes: tuple[str, ...] = ()


def examine(record: Record, seals: Seals, anchors: Sequence[Seal] = ()) -> Examined:
    """Read the whole history, changing nothing. `anchors`: what was left outside."""

    def look(books: Books) -> tuple[Proof, Seal | None]:
        return books.history.verify(anchors), books.checkpoints.newest()

    proof, checkpoint = record.read(look)
    trusts = {anchor: seals.trust(anchor) for anchor in anchors}
    problems = [
        *([proof.broken.sentence] if proof.broken else []),
        *_of_anchors(trusts, keyed=bool(seals.known)),
        *([_of_checkpoint(checkpoint, seals)] if checkpoint is not None else []),
    ]
    problem = next((each for each in problems if each), "")
    return Examined(proof, problem, tuple(_notes(proof, trusts, keyed=bool(seals.known))))


def _of_anchors(trusts: Mapping[Seal, Trust], *, keyed: bool) -> list[str]:
    bad = []
    for anchor, trust in trusts.items():
        subject = f"the anchor of decision {anchor.seq} of {instant(anchor.at)}"
        if trust is Trust.FORGED:
            bad.append(f"{subject} does not bear the signature of its own text: it was changed")
        elif trust is Trust.STRANGE and keyed:
            bad.append(f"{subject} {_STRANGE} ({anchor.key[:16]}…); {_REMEDY}")
    return bad


def _of_checkpoint(checkpoint: Seal, seals: Seals) -> str:
    """Whoever can write to the database can set a checkpoint; only the key can sign one."""
    trust = seals.trust(checkpoint)
    subject = f"the checkpoint at decision {checkpoint.seq}"
    if trust is Trust.FORGED:
        return f"{subject} does not bear the signature of its own text: it was changed"
    if trust is Trust.TRUSTED or not seals.known:
        return ""
    if trust is Trust.UNSIGNED:
        return f"{subject} is not signed, although there is a key; was it set by `history prune`?"
    return f"{subject} {_STRANGE} ({checkpoint.key[:16]}…); {_REMEDY}"


def _notes(proof: Proof, trusts: Mapping[Seal, Trust], *, keyed: bool) -> list[str]:
    notes = []
    if proof.base != ORIGIN:
        notes.append(f"decisions up to {proof.base[0]} were moved out, under a sealed checkpoint")
    if not trusts:
        return notes
    sound = "is as it was" if proof.anchors == 1 else "are as they were"
    notes.append(f"{proof.anchors} of the decisions {sound} anchored")
    early = sum(anchor.seq < proof.base[0] for anchor in trusts)
    if early:
        notes.append(f"{_anchors(early)} of decisions that were moved out")
    unsigned = sum(trust is Trust.UNSIGNED for trust in trusts.values())
    if unsigned:
        counts = "it counts as far as its place does"
        counts = counts if unsigned == 1 else "they count as far as their place does"
        notes.append(f"{_anchors(unsigned)} not signed: {counts}")
    if not keyed and len(trusts) > unsigned:
        keys = sorted({anchor.key for anchor in trusts if anchor.key})
        notes.append(f"signed with {', '.join(keys)}: compare that with the key you know")
    return notes


def _anchors(count: int) -> str:
    return "1 anchor is" if count == 1 else f"{count} anchors are"
