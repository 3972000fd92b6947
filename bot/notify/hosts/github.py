"""GitHub: deployments that wait, required checks, and what its webhooks may have missed to say."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.decide.label import Merged
from bot.decide.outside import CodeHost
from bot.decide.waiting import Check
from bot.errors import Refused, Unclear
from bot.notify.hosts.github_app import GitHubApp
from bot.notify.hosts.github_labels import PullLabels
from bot.notify.hosts.wire import Answer, Wire, path_of, segment
from bot.ports.hosts import Delivery, RunState, Stands

_PAGE = 100
_PAGES = 20
"""Nobody has two thousand open pull requests in one repository."""
_SINCE_PAGES = 5
EVENTS = ("deployment_protection_rule", "pull_request", "merge_group", "deployment_status")


class GitHub:
    """One App. Satisfies bot.ports.hosts.GitHubHost."""

    def __init__(
        self,
        spec: CodeHost,
        secrets: Callable[[str], str],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._wire = Wire(spec.url, lambda: now().timestamp(), monotonic)
        self._app = GitHubApp(spec, secrets, self._wire, now)

    def installation(self, place: str) -> int:
        """See GitHubHost."""
        said = self._own("GET", f"/repos/{path_of(place)}/installation").table()
        return _whole(said, "id")

    def app(self) -> str:
        """What the App is called. Raises DeliveryError."""
        said = self._own("GET", "/app").table()
        return str(said.get("slug") or said.get("name") or "unnamed")

    def run(self, place: str, installation: int, run: str) -> RunState:
        """See GitHubHost."""
        path = f"/repos/{path_of(place)}/actions/runs/{segment(run)}"
        said = self._at(place, installation, "GET", path).table()
        attempt = _whole(said, "run_attempt") if "run_attempt" in said else 1
        return RunState(said.get("status") == "completed", attempt, str(said.get("head_sha", "")))

    def answer(
        self, place: str, installation: int, run: str, environment: str, comment: str, *,
        approve: bool,
    ) -> None:  # fmt: skip
        """See GitHubHost. Without a state it is a report."""
        path = f"/repos/{path_of(place)}/actions/runs/{segment(run)}/deployment_protection_rule"
        body = {"environment_name": environment, "comment": comment}
        if approve:
            body["state"] = "approved"
        self._at(place, installation, "POST", path, body)

    def check(
        self, place: str, installation: int, sha: str, name: str, check: Check, known: str
    ) -> str:
        """See GitHubHost. While releases are stopped the check has no end: a merge queue waits for
        it instead of throwing the group out."""
        base = f"/repos/{path_of(place)}/check-runs"
        output = {"title": check.title, "summary": check.summary}
        body: dict[str, Any] = {"name": name, "output": output, "status": "in_progress"}
        if check.open:
            body |= {"status": "completed", "conclusion": "success"}
        if known:
            try:
                path = f"{base}/{segment(known)}"
                said = self._at(place, installation, "PATCH", path, body).table()
                return str(_whole(said, "id"))
            except Refused as error:
                if error.code != "not_found":
                    raise
        body["head_sha"] = sha
        said = self._at(place, installation, "POST", base, body).table()
        return str(_whole(said, "id"))

    def waiting(self, place: str, installation: int) -> list[Stands]:
        """See GitHubHost."""
        path = f"/repos/{path_of(place)}/actions/runs"
        found: list[Stands] = []
        for run in self._pages(place, installation, path, {"status": "waiting"}, "workflow_runs"):
            number = str(_whole(run, "id"))
            asked = f"{path}/{number}/pending_deployments"
            who = (run.get("actor") or {}).get("login", "")
            for one in self._at(place, installation, "GET", asked).rows():
                name = str((one.get("environment") or {}).get("name", ""))
                found.append(Stands(number, name, str(run.get("head_sha", "")), str(who)))
        return found

    def heads(self, place: str, installation: int) -> list[tuple[int, str]]:
        """See GitHubHost."""
        path = f"/repos/{path_of(place)}/pulls"
        rows = self._pages(place, installation, path, {"state": "open"})
        return [(_whole(row, "number"), str(row["head"]["sha"])) for row in rows]

    def merged(
        self, place: str, installation: int, sha: str, labels: Collection[str]
    ) -> list[Merged]:
        """See GitHubHost."""
        get = partial(self._at, place, installation, "GET")
        pages = partial(self._pages, place, installation, query={})
        return PullLabels(place, get, pages).merged(sha, labels)

    def missed(self, since: datetime) -> list[Delivery]:
        """See GitHubHost. Of those that another attempt brought, only what never arrived."""
        rows = list(self._deliveries(since))
        fine = {row.get("guid") for row in rows if _arrived(row)}
        lost = {
            str(row.get("guid")): row
            for row in rows
            if row.get("guid") not in fine and row.get("event") in EVENTS
        }
        return [self._delivery(guid, row) for guid, row in lost.items()]

    def _deliveries(self, since: datetime) -> Iterator[Mapping[str, Any]]:
        """Newest first, as far back as `since`."""
        query: dict[str, str | int] = {"per_page": _PAGE}
        for _ in range(_SINCE_PAGES):
            answer = self._own("GET", "/app/hook/deliveries", query)
            rows = answer.rows()
            yield from (row for row in rows if _at(row) >= since)
            cursor = _cursor(answer)
            if not cursor or not rows or _at(rows[-1]) < since:
                return
            query["cursor"] = cursor

    def _delivery(self, guid: str, row: Mapping[str, Any]) -> Delivery:
        path = f"/app/hook/deliveries/{_whole(row, 'id')}"
        said = self._own("GET", path).table()
        payload = (said.get("request") or {}).get("payload")
        return Delivery(guid, str(row["event"]), payload if isinstance(payload, Mapping) else {})

    def _own(self, method: str, path: str, query: Mapping[str, str | int] | None = None) -> Answer:
        return self._wire.call(method, path, self._app.headers(), None, query)

    def _at(
        self,
        place: str,
        installation: int,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Answer:
        headers = self._app.headers_at(place, installation)
        try:
            return self._wire.call(method, path, headers, body, query)
        except Refused as error:
            if error.code != "unauthorized":
                raise
        self._app.forget(place, installation)  # it may have been revoked; once more with a new one
        headers = self._app.headers_at(place, installation)
        return self._wire.call(method, path, headers, body, query)

    def _pages(
        self, place: str, installation: int, path: str, query: Mapping[str, str], name: str = ""
    ) -> Iterator[Mapping[str, Any]]:
        for page in range(1, _PAGES + 1):
            asked: dict[str, str | int] = {**query, "per_page": _PAGE, "page": page}
            rows = self._at(place, installation, "GET", path, None, asked).rows(name)
            yield from rows
            if len(rows) < _PAGE:
                return


def _whole(said: Mapping[str, Any], name: str) -> int:
    found = said.get(name)
    if not isinstance(found, int):
        raise Unclear(f"answered without {name}")
    return found


def _arrived(row: Mapping[str, Any]) -> bool:
    return 200 <= int(row.get("status_code") or 0) < 300


def _at(row: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(str(row.get("delivered_at"))).astimezone(UTC)
    except ValueError as error:
        raise Unclear("answered with a time that is none") from error


def _cursor(answer: Answer) -> str:
    """Where the next page begins. Only this word is taken from the link, never the address."""
    for link in str(answer.headers.get("link", "")).split(","):
        address, _, relation = link.partition(";")
        if 'rel="next"' in relation:
            query = parse_qs(urlsplit(address.strip(" <>")).query)
            return query.get("cursor", [""])[0]
    return ""
