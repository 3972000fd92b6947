"""The API of a running demo: a token for pipelines and jobs, and lines to paste in a terminal."""

from datetime import timedelta
from pathlib import Path

from bot.decide.people import Actor, Door
from bot.flow.gate.tokens import KeepTokens, digest_of
from bot.playground.fleet import day, feed
from bot.wiring.core import Core

_NAME = "demo"
_SCOPES = ("gate:decide:*", "gate:claim:*", "read", "slices:push:*", "releases:note:*")
_BY = Actor("terminal:demo", "burnban demo", Door.TERMINAL)
_LIFE = timedelta(days=30)
"""Of the replayed time, of which there is a day."""


def token(core: Core, folder: Path) -> str:
    """The token of the demo in `folder`, the same at every start of the same day. What it opens is
    invented and on this machine only; so it may lie there in a file."""
    keep, place = KeepTokens(core.record, core.clock), folder / "token"
    now = core.clock.now()
    live = [one for one in keep.all() if one.name == _NAME and one.live(now)]
    word = place.read_text(encoding="ascii").strip() if place.is_file() else ""
    if any(one.digest == digest_of(word) for one in live):
        return word
    for one in live:
        keep.revoke(one.id, _BY)
    word, _ = keep.create(_NAME, _SCOPES, _LIFE, _BY)
    place.touch(mode=0o600)
    place.write_text(f"{word}\n", encoding="ascii")
    return word


def lines(url: str, word: str, folder: Path) -> list[str]:
    """What to paste to ask the demo as a pipeline or a job would."""
    return [
        "For pipelines and jobs, in another terminal in this folder (docs/gate.md):",
        f"  export BURNBAN_URL={url}",
        f"  export BURNBAN_TOKEN={word}",
        "  burnban gate --service ranker --version v40",
        f"  burnban push {folder / day.LABELS} --feed {feed.LABELS}",
    ]
