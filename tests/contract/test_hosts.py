"""GitLab and MLflow as they answer, and what a wire to a host bears: over real HTTP."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from bot.decide.outside import CodeHost, Deploys, HostKind, Registry, Serves
from bot.decide.periods import Period
from bot.errors import ConfigError, Fault, RateLimited, Refused, Unclear, Unreachable
from bot.notify.hosts.github import GitHub
from bot.notify.hosts.gitlab import GitLab
from bot.notify.hosts.mlflow import MLflow
from bot.notify.hosts.wire import Wire
from bot.ports.hosts import Blocked
from tests.httpserver import BadServer, Conversation
from tests.hub import APP, ONE_LINE, PEM, PLACE, Hub, Waits
from tests.pagerduty import status

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOKEN = "not-a-real-token"
PERIOD = Period("0 12 2 3 *", "0 18 3 3 *")


@dataclass
class Lab:
    """A GitLab and an MLflow in one handler."""

    deployments: list[dict[str, Any]] = field(default_factory=list)
    approvals: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    periods: dict[int, dict[str, Any]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def __call__(self, talk: Conversation) -> None:
        url = urlsplit(talk.request.path)
        body = json.loads(talk.request.body) if talk.request.body else {}
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        path = [unquote(part) for part in url.path.strip("/").split("/")]
        known = TOKEN in talk.request.headers.get("private-token", "") + talk.request.headers.get(
            "authorization", ""
        )
        if not known:
            talk.answer('{"message": "401 Unauthorized"}', "401 Unauthorized")
            return
        found = self._found(talk.request.method, path, body, asked)
        if found is None:
            talk.answer('{"message": "404 Not found"}', "404 Not Found")
        else:
            talk.answer(json.dumps(found))

    def _found(
        self, method: str, path: list[str], body: dict[str, Any], asked: dict[str, str]
    ) -> Any:
        match path:
            case ["api", "2.0", "mlflow", "registered-models", what]:
                return self._model(what, body, asked)
            case ["api", "v4", "user"]:
                return {"username": "burnban"}
            case ["api", "v4", "projects", "acme/ranker", "deployments"]:
                return [one for one in self.deployments if one["status"] == asked["status"]]
            case ["api", "v4", "projects", "acme/ranker", "deployments", number, "approval"]:
                self.approvals.append((number, body))
                return {"status": "approved"}
            case ["api", "v4", "projects", "acme/ranker", "freeze_periods", *rest]:
                return self._period(method, rest, body)
        return None

    def _model(self, what: str, body: dict[str, Any], asked: dict[str, str]) -> Any:
        if what == "alias":
            self.aliases[body["alias"]] = body["version"]
            return {}
        rows = [{"alias": alias, "version": version} for alias, version in self.aliases.items()]
        stages = [
            {"version": "9", "current_stage": "Production"},
            {"version": "10", "current_stage": "Production"},
        ]
        return {
            "registered_model": {"name": asked["name"], "aliases": rows, "latest_versions": stages}
        }

    def _period(self, method: str, rest: list[str], body: dict[str, Any]) -> Any:
        if method == "GET":
            return list(self.periods.values())
        number = int(rest[0]) if rest else len(self.periods) + 1
        if rest and number not in self.periods:
            return None
        if method == "DELETE":
            self.periods.pop(number)
            return {}
        self.periods[number] = {"id": number, **body}
        return self.periods[number]


@contextmanager
def gitlab(lab: Lab, acts_as: str = "") -> Iterator[GitLab]:
    rules = (Deploys("acme/ranker", "prod", ("ranker",)),)
    with BadServer(lab) as server:
        spec = CodeHost("lab", HostKind.GITLAB, server.url, rules, "", "KEY", acts_as=acts_as)
        yield GitLab(spec, lambda name: TOKEN, lambda: NOW, lambda: 0.0)


def test_what_is_blocked_is_found_and_approved() -> None:
    row = {"id": 15, "status": "blocked", "sha": "a" * 40, "deployable": {"id": 796}}
    lab = Lab([row | {"user": {"username": "ada"}}, row | {"id": 16, "status": "success"}])
    with gitlab(lab, "bots") as api:
        assert api.blocked("acme/ranker", "prod") == [Blocked("15", "a" * 40, "796", "ada")]
        api.approve("acme/ranker", "15", "go")
        assert api.me() == "burnban"
    said = {"status": "approved", "comment": "go", "represented_as": "bots"}
    assert lab.approvals == [("15", said)]


def test_a_period_is_made_changed_and_taken_away() -> None:
    lab = Lab(periods={1: {"id": 1, "freeze_start": "0 0 * * 6"}})
    with gitlab(lab) as api:
        number = api.set_period("acme/ranker", PERIOD, None, adopt=False)
        assert lab.periods[number]["freeze_end"] == PERIOD.end
        assert api.set_period("acme/ranker", PERIOD, None, adopt=True) == number
        later = Period(PERIOD.start, "0 0 5 3 *")
        assert api.set_period("acme/ranker", later, number, adopt=False) == number
        api.drop_period("acme/ranker", number)
        api.drop_period("acme/ranker", number)
        assert list(lab.periods) == [1]
        assert api.set_period("acme/ranker", later, number, adopt=False) == 2


def test_a_model_says_where_its_aliases_and_stages_stand() -> None:
    lab = Lab(aliases={"champion": "38"})
    rules = (Serves("ranker", ("ranker",), "champion"),)
    with BadServer(lab) as server:
        spec = Registry("main", server.url, rules, "", "KEY")
        api = MLflow(spec, lambda name: TOKEN, lambda: NOW, lambda: 0.0)
        found = api.model("ranker")
        assert (found.aliases, found.stages) == ({"champion": "38"}, {"Production": "10"})
        api.set_alias("ranker", "champion", "37")
        assert lab.aliases == {"champion": "37"}
        bare = MLflow(Registry("b", server.url, rules), lambda name: "", lambda: NOW, lambda: 0.0)
        with pytest.raises(Refused, match="unauthorized"):
            bare.model("ranker")


def missing(name: str) -> str:
    raise ConfigError([Fault(name, "", "is named in the spec files, but not set.")])


def test_a_key_that_is_not_set_or_is_none_is_a_refusal_that_tells_no_secret() -> None:
    spec = CodeHost("acme", HostKind.GITHUB, "http://127.0.0.1:1", (), "HOOK", "KEY", APP)
    with pytest.raises(Refused, match="KEY is named in the spec files, but not set"):
        GitHub(spec, missing, lambda: NOW, lambda: 0.0).app()
    for wrong in ("hunter2", "-----BEGIN RSA PRIVATE KEY-----\\nhunter2"):
        with pytest.raises(Refused, match="bad_key") as found:
            GitHub(spec, lambda name, wrong=wrong: wrong, lambda: NOW, lambda: 0.0).app()
        assert "hunter2" not in str(found.value)


def test_the_key_may_be_base64() -> None:
    import base64

    with BadServer(Hub()) as server:
        spec = CodeHost("acme", HostKind.GITHUB, server.url, (), "HOOK", "KEY", APP)
        word = base64.b64encode(PEM.encode()).decode()
        assert GitHub(spec, lambda name: word, lambda: NOW, lambda: 0.0).app() == "burnban-acme"


def test_no_token_goes_anywhere_but_to_the_host_of_the_specs() -> None:
    hub = Hub(runs={42: Waits(42)})
    with BadServer(status("200 OK", "{}")) as elsewhere, BadServer(hub) as server:
        spec = CodeHost("acme", HostKind.GITHUB, server.url, (), "HOOK", "KEY", APP)
        api = GitHub(spec, lambda name: ONE_LINE, lambda: NOW, lambda: 0.0)
        hub.instead = [status("302 Found", "", f"Location: {elsewhere.url}/")]
        with pytest.raises(Refused, match="http_302"):
            api.installation(PLACE)
        link = f'Link: <{elsewhere.url}/app/hook/deliveries?cursor=c2>; rel="next"'
        row = json.dumps([{"id": 1, "guid": "g", "delivered_at": "2026-03-02T12:00:00Z"}])
        hub.instead = [status("200 OK", row, link), status("200 OK", "[]")]
        api.missed(NOW.replace(hour=0))
        assert elsewhere.requests == []
        assert "cursor=c2" in server.requests[-1].path


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        (("429 Too Many Requests", '{"message": "slow"}'), 60),
        (("429 Too Many Requests", "", "Retry-After: 7"), 7),
        (("403 Forbidden", "", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1772452830"), 30),
        (("403 Forbidden", '{"message": "You have exceeded a secondary rate limit"}'), 60),
    ],
)
def test_a_limit_is_understood_in_every_form(head: tuple[str, ...], seconds: float) -> None:
    with BadServer(status(*head)) as server, pytest.raises(RateLimited) as found:
        Wire(server.url, NOW.timestamp).call("GET", "/x", {})
    assert found.value.retry_after == seconds


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (status("403 Forbidden", '{"message": "no"}'), Refused),
        (status("500 Oops", ""), Unclear),
        (status("200 OK", "<html>"), Unclear),
        (status("404 Not Found", "[]"), Refused),
    ],
)
def test_what_is_no_answer_is_told_apart(
    answer: Callable[[Conversation], None], kind: type[Exception]
) -> None:
    with BadServer(answer) as server, pytest.raises(kind):
        Wire(server.url, NOW.timestamp).call("GET", "/x", {})


def test_a_host_that_is_not_there_has_certainly_not_been_told() -> None:
    with pytest.raises(Unreachable):
        Wire("http://127.0.0.1:1", NOW.timestamp).call("GET", "/x", {})
