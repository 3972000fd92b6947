"""What GitHub's webhooks say, as far as it concerns releases. Pure: JSON in, facts out. Payloads:
docs.github.com/webhooks/webhook-events-and-payloads."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.decide.release import NoteKind

_RUN = re.compile(r"/actions/runs/([0-9]{1,20})/deployment_protection_rule/?(?:\?.*)?$")
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_PLACE = re.compile(r"(?!\.{1,2}/)[A-Za-z0-9_.-]{1,100}/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}")
_WENT = {
    "in_progress": NoteKind.ANNOUNCED,
    "success": NoteKind.BEGAN,
    "failure": NoteKind.FAILED,
    "error": NoteKind.FAILED,
    "inactive": NoteKind.ENDED,
}
"""What each state of a deployment says of its release. A host that deactivates the deployments
before it tells the end of those that another took over from."""


class Malformed(ValueError):
    """A signed payload without what its event must have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A deployment waits for our protection rule."""

    place: str
    installation: int
    run: str
    environment: str
    sha: str
    deployment: str
    who: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest commit of a pull request (`number`) or of a group of a merge queue (0)."""

    place: str
    installation: int
    number: int
    sha: str
    open: bool
    """False: closed, merged, or taken out of the queue."""

    @property
    def key(self) -> str:
        """A pull request has one head; each group of a queue is a commit of its own."""
        return str(self.number) if self.number else self.sha


@dataclass(frozen=True, slots=True)
class Went:
    """What became of a deployment, whoever allowed it."""

    place: str
    environment: str
    sha: str
    deployment: str
    who: str
    run: str = ""
    """GitLab: its job; empty where the host does not say."""
    kind: NoteKind = NoteKind.BEGAN
    at: datetime | None = None
    """When that was; None where the host does not say."""


GitHubEvent = Asked | Head | Went


def read_event(event: str, said: Mapping[str, Any]) -> GitHubEvent | None:
    """None for an event that is none of ours. Raises Malformed."""
    readers = {
        "deployment_protection_rule": _asked,
        "pull_request": _pull_request,
        "merge_group": _merge_group,
        "deployment_status": _went,
    }
    reader = readers.get(event)
    try:
        return None if reader is None else reader(said)
    except (KeyError, TypeError, AttributeError) as error:
        raise Malformed(f"a {event} without {error}") from error
    except Malformed:
        raise
    except (ValueError, OverflowError) as error:
        raise Malformed(f"a {event} with a number that is none") from error


def body_of(event: str, said: Mapping[str, Any]) -> str:
    """The same for the same words of GitHub, under whatever delivery id they come: that id is not
    signed. The payload bears times and ids of its own, so no other delivery has its words."""
    told = json.dumps([event, said], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _asked(said: Mapping[str, Any]) -> Asked | None:
    if said["action"] != "requested":
        return None
    # The address itself is never used: only the number of the run is taken from it.
    run = _RUN.search(str(said["deployment_callback_url"]))
    if run is None:
        raise Malformed("a deployment_protection_rule without a run")
    deployment = said["deployment"]
    creator = deployment.get("creator") or {}
    return Asked(
        _place(said),
        _installation(said),
        run[1],
        str(said["environment"]),
        _sha(deployment["sha"]),
        str(deployment["id"]),
        str(creator.get("login", "")),
    )


def _pull_request(said: Mapping[str, Any]) -> Head | None:
    action, pull = said["action"], said["pull_request"]
    if action not in ("opened", "reopened", "synchronize", "closed"):
        return None
    sha = _sha(pull["head"]["sha"])
    return Head(_place(said), _installation(said), int(said["number"]), sha, action != "closed")


def _merge_group(said: Mapping[str, Any]) -> Head | None:
    action = said["action"]
    if action not in ("checks_requested", "destroyed"):
        return None
    sha = _sha(said["merge_group"]["head_sha"])
    return Head(_place(said), _installation(said), 0, sha, action == "checks_requested")


def _went(said: Mapping[str, Any]) -> Went | None:
    status, deployment = said["deployment_status"], said["deployment"]
    kind = _WENT.get(str(status["state"]))
    if kind is None:
        return None
    creator = deployment.get("creator") or {}
    return Went(
        _place(said),
        str(deployment["environment"]),
        _sha(deployment["sha"]),
        str(deployment["id"]),
        str(creator.get("login", "")),
        kind=kind,
        at=moment(status.get("created_at")),
    )


def moment(said: object) -> datetime | None:
    """An instant as hosts write it, with its zone; None where there is none."""
    try:
        found = datetime.fromisoformat(str(said))
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _place(said: Mapping[str, Any]) -> str:
    found = str(said["repository"]["full_name"])
    if not _PLACE.fullmatch(found):
        raise Malformed("a repository of no known form")
    return found


def _installation(said: Mapping[str, Any]) -> int:
    found = said["installation"]["id"]
    if not isinstance(found, int):
        raise Malformed("an installation without a number")
    return found


def _sha(said: object) -> str:
    found = str(said).lower()
    if not _SHA.fullmatch(found):
        raise Malformed("a commit of no known form")
    return found
