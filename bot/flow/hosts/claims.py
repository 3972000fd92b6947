"""Of what kind a change is that waits at a code host, as its labels say. What cannot be looked up
is not believed; the release is then asked about like any other."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.decide.change import ChangeKind
from bot.decide.label import Claim, Merged, claim_of
from bot.decide.outside import CodeHost
from bot.errors import DeliveryError, RateLimited
from bot.ports.hosts import Watch

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=1)
"""How soon a label that is put on or taken off is noticed: hosts limit how often they are asked."""


def look_up(
    watch: Watch, host: CodeHost, look: Callable[[Sequence[str]], Sequence[Merged]], now: datetime
) -> Watch:
    """The watch with what its labels say. `look`: the merged requests that made its commit and bear
    one of some labels. Raises RateLimited."""
    at = watch.facts.get("claim_at")
    if not host.labels or (at is not None and now - datetime.fromisoformat(at) < AGAIN):
        return watch
    try:
        claim = claim_of(look([label for label, _ in host.labels]), dict(host.labels))
    except RateLimited:
        raise
    except DeliveryError as error:
        log.warning("%s: its labels cannot be looked up: %s", watch.key, error)
        claim = None
    said = None if claim is None else {"kind": str(claim.kind), "said": claim.said}
    return replace(watch, facts={**watch.facts, "claim": said, "claim_at": now.isoformat()})


def claim_in(watch: Watch) -> Claim | None:
    """What was looked up."""
    said = watch.facts.get("claim")
    return None if said is None else Claim(ChangeKind(said["kind"]), str(said["said"]))
