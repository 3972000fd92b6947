"""GitLab: deployments that wait for approvals, and freeze periods. Sources:
docs.gitlab.com/api/deployments, docs.gitlab.com/api/freeze_periods."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from bot.decide.label import Merged
from bot.decide.outside import CodeHost
from bot.decide.periods import Period
from bot.errors import ConfigError, Refused, Unclear
from bot.notify.hosts.gitlab_labels import MergeLabels
from bot.notify.hosts.wire import Answer, Wire, segment
from bot.ports.hosts import Blocked

_PAGE = 100


class GitLab:
    """One GitLab, as the bot's own account. Satisfies bot.ports.hosts.GitLabHost."""

    def __init__(
        self,
        spec: CodeHost,
        secrets: Callable[[str], str],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._spec, self._secrets = spec, secrets
        self._wire = Wire(f"{spec.url}/api/v4", lambda: now().timestamp(), monotonic)

    def me(self) -> str:
        """Whose token it is. Raises DeliveryError."""
        return str(self._call("GET", "/user").table().get("username", "unnamed"))

    def blocked(self, place: str, environment: str) -> list[Blocked]:
        """The newest hundred."""
        query: dict[str, str | int] = {
            "status": "blocked", "environment": environment, "per_page": _PAGE,
            "order_by": "id", "sort": "desc",
        }  # fmt: skip
        rows = self._call("GET", f"{_project(place)}/deployments", None, query).rows()
        return [_blocked(row) for row in rows if row.get("status") == "blocked"]

    def approve(self, place: str, deployment: str, comment: str) -> None:
        """As the group that the specs name, if they name one."""
        body = {"status": "approved", "comment": comment}
        if self._spec.acts_as:
            body["represented_as"] = self._spec.acts_as
        path = f"{_project(place)}/deployments/{segment(deployment)}/approval"
        self._call("POST", path, body)

    def merged(self, place: str, sha: str, labels: Collection[str]) -> list[Merged]:
        """See GitLabHost."""

        def get(path: str, query: Mapping[str, str | int]) -> Answer:
            return self._call("GET", path, None, query)

        return MergeLabels(place, _project(place), get).merged(sha, labels)

    def set_period(self, place: str, period: Period, known: int | None, *, adopt: bool) -> int:
        """See GitLabHost."""
        base = f"{_project(place)}/freeze_periods"
        body = {
            "freeze_start": period.start,
            "freeze_end": period.end,
            "cron_timezone": period.zone,
        }
        if known is not None:
            try:
                return _id(self._call("PUT", f"{base}/{known}", body).table())
            except Refused as error:
                if error.code != "not_found":
                    raise
        there = self._call("GET", base, None, {"per_page": _PAGE}).rows() if adopt else []
        for row in there:
            if all(row.get(name) == value for name, value in body.items()):
                return _id(row)
        return _id(self._call("POST", base, body).table())

    def drop_period(self, place: str, period: int) -> None:
        """One that is gone already is gone."""
        try:
            self._call("DELETE", f"{_project(place)}/freeze_periods/{period}")
        except Refused as error:
            if error.code != "not_found":
                raise

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Answer:
        try:
            headers = {"PRIVATE-TOKEN": self._secrets(self._spec.key_env)}
        except ConfigError as error:
            fault = error.faults[0]
            raise Refused("no_key", f"{fault.where} {fault.problem}") from None
        return self._wire.call(method, path, headers, body, query)


def _project(place: str) -> str:
    """A project's whole path is one piece of ours."""
    return f"/projects/{segment(place)}"


def _id(row: Mapping[str, Any]) -> int:
    found = row.get("id")
    if not isinstance(found, int):
        raise Unclear("answered without an id")
    return found


def _blocked(row: Mapping[str, Any]) -> Blocked:
    job = row.get("deployable") or {}
    user = row.get("user") or {}
    number = job.get("id")
    return Blocked(
        str(_id(row)), str(row.get("sha", "")), str(number or ""), str(user.get("username", ""))
    )
