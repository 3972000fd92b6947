"""What somebody wants to release: which version of which service, and what kind of change it is."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.errors import UserError

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_LIKE_A_COMMIT = re.compile(r"(?=.*[a-f])(?=.*[0-9])[0-9a-f]{7,63}")
_NO_WORD = re.compile(r"[\s`<>&]")
MAX_VERSION = 100
"""Characters."""
_EXAMPLE = "/override ranker 38 bug-fix ML-12 version 37 loses clicks"


class ChangeKind(StrEnum):
    """What a change is for. It is a claim: a policy says who may make it."""

    BUG_FIX = "bug-fix"
    SECURITY_FIX = "security-fix"
    ROLLBACK = "rollback"
    RETRAIN = "retrain"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """One release of one service; at least one of version, commit and digest names it."""

    service: str
    version: str = ""
    commit: str = ""
    digest: str = ""
    kind: ChangeKind = ChangeKind.OTHER
    ticket: str = ""

    @property
    def name(self) -> str:
        """What identifies it best, for people."""
        return self.version or self.commit[:12] or self.digest

    def pins(self, asked: "Change") -> bool:
        """Whether a grant for this change holds for the one asked about: the same service, and
        everything that this one names is named the same there. A new commit needs a new grant
        (law 14); what a grant leaves open is not held against anybody."""
        named = [(self.version, asked.version), (self.commit, asked.commit)]
        named.append((self.digest, asked.digest))
        given = [(mine, theirs) for mine, theirs in named if mine]
        return (
            self.service == asked.service
            and bool(given)
            and all(mine == theirs for mine, theirs in given)
        )

    def told_by(self, asked: "Change") -> "Change":
        """This change with what it left open as the one that came names it."""
        return replace(
            self,
            version=self.version or asked.version,
            commit=self.commit or asked.commit,
            digest=self.digest or asked.digest,
        )


def read_release(service: str, word: str, kind: ChangeKind, ticket: str = "") -> Change:
    """The release that a word names: a whole commit, a digest (`sha256:…`), or else a version; with
    `version:`, `commit:` or `digest:` before it, that. Raises UserError, also for a piece of a
    commit or of a digest: another one may begin with the same letters."""
    change = Change(service, kind=kind, ticket=ticket)
    prefix, colon, name = word.partition(":")
    if colon and prefix.lower() in _READ:
        return _READ[prefix.lower()](change, name)
    low = word.lower()
    if _COMMIT.fullmatch(low):
        return _commit(change, low)
    if low.startswith(("sha256:", "sha512:")):
        return _digest(change, low)
    if _LIKE_A_COMMIT.fullmatch(low):
        sentence = f"`{word}` looks like the beginning of a commit; all of it is needed."
        version = f"/override {service} version:{word} <reason>, if that is a version"
        raise UserError(sentence, version)
    return _version(change, word)


def typed(change: Change) -> str:
    """The word by which `read_release` finds this release: a commit or digest whole, a version that
    looks like another thing with its name before it. Empty: none does, as for a version of several
    words."""
    word = change.version or change.commit or change.digest
    if _NO_WORD.search(word):
        return ""
    if not change.version:
        return word
    try:
        found = read_release(change.service, word, change.kind)
    except UserError:
        return f"version:{word}"
    return word if found.version else f"version:{word}"


def _version(change: Change, text: str) -> Change:
    if not 0 < len(text) <= MAX_VERSION:
        raise UserError(f"A version has 1 to {MAX_VERSION} characters.", _EXAMPLE)
    return replace(change, version=text)


def _commit(change: Change, text: str) -> Change:
    if not _COMMIT.fullmatch(text.lower()):
        raise UserError(f"`{text}` is not a whole commit: it has 40 letters and figures.", _EXAMPLE)
    return replace(change, commit=text.lower())


def _digest(change: Change, text: str) -> Change:
    if not _DIGEST.fullmatch(text.lower()):
        sentence = f"`{text}` is not a whole digest: `sha256:` and 64 letters and figures."
        raise UserError(sentence, _EXAMPLE)
    return replace(change, digest=text.lower())


_READ = {"version": _version, "commit": _commit, "digest": _digest}
