"""What a release is called that is known by the images and models it runs. Pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from bot.decide.change import MAX_VERSION, Change
from bot.decide.workload import Runs, Sort

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ODD = re.compile(r"[^!-~]")
_SHORT = 12


def named(change: Change, runs: Sequence[Runs]) -> Change:
    """The change with the version, commit or digest of what it runs from now on. One image with a
    digest bears it; a tag that is a whole commit is one; several things are named together
    (`38+9`), so that an override for one of them covers no other."""
    words = list(dict.fromkeys(_word(one) for one in runs))
    digests = {_parts(one.value)[1] if one.sort is Sort.IMAGE else "" for one in runs}
    digest = digests.pop() if len(digests) == 1 else ""
    if len(words) == 1 and digest and words[0] == _brief(digest):
        return replace(change, digest=digest)
    if len(words) == 1 and _COMMIT.fullmatch(words[0]):
        return replace(change, commit=words[0], digest=digest)
    return replace(change, version=_fitting("+".join(words)), digest=digest)


def _word(one: Runs) -> str:
    if one.sort is Sort.VERSION:
        return one.value
    if one.sort is Sort.ADDRESS:
        return _tail(one.value)
    tag, digest = _parts(one.value)
    return tag or (_brief(digest) if digest else "latest")


def _parts(image: str) -> tuple[str, str]:
    """Tag and digest of `registry:5000/name:tag@sha256:…`."""
    name, _, digest = image.partition("@")
    _, colon, tag = name.rpartition("/")[2].rpartition(":")
    return tag if colon else "", digest if _DIGEST.fullmatch(digest) else ""


def _brief(digest: str) -> str:
    return digest.partition(":")[2][:_SHORT]


def _tail(address: str) -> str:
    """The end of an address from the first of its last parts on that bears a figure: `38` of
    `s3://models/ranker/38`, `38/model.bin` of `s3://models/ranker/38/model.bin`; all of its path if
    none does."""
    parts = [part for part in address.rpartition("://")[2].split("/") if part]
    for start in range(len(parts) - 1, 0, -1):
        if any(letter.isdigit() for letter in parts[start]):
            return "/".join(parts[start:])
    return "/".join(parts[1:] or parts)


def _fitting(word: str) -> str:
    """As people can type it; what is cut or replaced is told apart by a hash."""
    clean = _ODD.sub("_", word)
    if clean == word and 0 < len(word) <= MAX_VERSION:
        return word
    mark = hashlib.sha256(word.encode(errors="surrogatepass")).hexdigest()[:_SHORT]
    return f"{clean[: MAX_VERSION - _SHORT - 1]}-{mark}"
