"""What GitLab's webhooks say of deployments. Pure: JSON in, facts out. Payloads:
docs.gitlab.com/user/project/integrations/webhook_events (deployment events)."""

from collections.abc import Mapping
from typing import Any

from bot.decide.github_events import Malformed, Went, moment
from bot.decide.release import NoteKind

_WENT = {
    "running": NoteKind.ANNOUNCED,
    "success": NoteKind.BEGAN,
    "failed": NoteKind.FAILED,
    "canceled": NoteKind.FAILED,
}


def read_deployment(said: Mapping[str, Any]) -> tuple[Went, bool] | None:
    """A deployment, and whether it moves (else it waits for approvals: it is blocked); None for
    anything else. The short commit is all that GitLab says of it. Raises Malformed."""
    if said.get("object_kind") != "deployment":
        return None
    try:
        status = str(said["status"])
        if status != "blocked" and status not in _WENT:
            return None
        user = said.get("user") or {}
        went = Went(
            str(said["project"]["path_with_namespace"]),
            str(said["environment"]),
            str(said.get("commit_url", "")).rpartition("/")[2] or str(said["short_sha"]),
            str(said["deployment_id"]),
            str(user.get("username", "")),
            str(said.get("deployable_id") or ""),
            _WENT.get(status, NoteKind.ANNOUNCED),
            moment(said.get("status_changed_at")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Malformed(f"a deployment without {error}") from error
    return went, status in _WENT
