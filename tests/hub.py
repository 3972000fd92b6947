"""A GitHub on this machine, as far as an App sees it: tokens for whoever signs with its key, runs
that wait, checks, and the list of webhooks that were sent."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.httpserver import Conversation

APP, INSTALLATION, PLACE = "12345", 7, "acme/ranker"
SECRET = "not-a-real-webhook-secret"
SHA = "a" * 40
KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
).decode()
ONE_LINE = PEM.replace("\n", "\\n")
MOST_REPORTS, LONGEST_COMMENT = 10, 1_024


@dataclass
class Waits:
    """A run with one environment that waits for the rule."""

    run: int
    environment: str = "prod"
    sha: str = SHA
    status: str = "waiting"
    attempt: int = 1
    reports: list[str] = field(default_factory=list)
    approved: str = ""


@dataclass
class Merge:
    """A pull request that was merged."""

    number: int
    sha: str = SHA
    """Of the commit that the merge made."""
    who: str = "ada"
    at: str = "2026-03-02T11:00:00Z"
    labels: list[str] = field(default_factory=list)
    events: list[tuple[str, str, str, str]] = field(default_factory=list)
    """`labeled` or `unlabeled`, the label, who, when."""
    home: str = PLACE

    def label(self, name: str, who: str, at: str = "2026-03-02T11:30:00Z") -> None:
        """Somebody puts it on."""
        self.labels.append(name)
        self.events.append(("labeled", name, who, at))

    def unlabel(self, name: str, who: str, at: str = "2026-03-02T11:45:00Z") -> None:
        """Somebody takes it off."""
        self.labels.remove(name)
        self.events.append(("unlabeled", name, who, at))

    @property
    def row(self) -> dict[str, Any]:
        """As a list of pull requests has it."""
        return {
            "number": self.number,
            "state": "closed",
            "merged_at": self.at,
            "merge_commit_sha": self.sha,
            "labels": [{"name": name} for name in self.labels],
            "head": {"ref": "security/urgent", "sha": "c" * 40},
            "base": {"ref": "main", "repo": {"full_name": self.home}},
        }


@dataclass
class Hub:
    """A handler for BadServer."""

    expires: Callable[[], str] = lambda: "2026-03-02T13:00:00Z"
    runs: dict[int, Waits] = field(default_factory=dict)
    pulls: dict[int, str] = field(default_factory=dict)
    checks: dict[int, dict[str, Any]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    """Of the collaborators, by their names."""
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    instead: list[Callable[[Conversation], None] | None] = field(default_factory=list)
    """What happens to the next requests in place of an answer; None: nothing but that."""

    def __call__(self, talk: Conversation) -> None:
        deed = self.instead.pop(0) if self.instead else None
        if deed is not None:
            deed(talk)
            return
        url = urlsplit(talk.request.path)
        bearer = talk.request.headers.get("authorization", "").removeprefix("Bearer ")
        body = json.loads(talk.request.body) if talk.request.body else {}
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        path = url.path.strip("/").split("/")
        found = self._app(path, bearer, asked) if path[0] == "app" else None
        if found is None and path[0] == "repos":
            found = self._repo(talk.request.method, path[3:], bearer, body, asked)
        status, said = found or (404, {"message": "Not Found"})
        words = {200: "OK", 201: "Created", 204: "No Content", 422: "Unprocessable Entity"}
        talk.answer("" if said is None else json.dumps(said), f"{status} {words.get(status, 'No')}")

    def _app(self, path: list[str], bearer: str, asked: dict[str, str]) -> tuple[int, Any] | None:
        if not _signed(bearer):
            return 401, {"message": "A JSON web token could not be decoded"}
        match path:
            case ["app"]:
                return 200, {"id": int(APP), "slug": "burnban-acme"}
            case ["app", "installations", number, "access_tokens"] if number == str(INSTALLATION):
                self.tokens.append(f"ghs_test{len(self.tokens)}")
                return 201, {"token": self.tokens[-1], "expires_at": self.expires()}
            case ["app", "hook", "deliveries"]:
                del asked
                return 200, [
                    {k: v for k, v in d.items() if k != "request"} for d in self.deliveries
                ]
            case ["app", "hook", "deliveries", number]:
                rows = [d for d in self.deliveries if str(d["id"]) == number]
                return (200, rows[0]) if rows else None
        return None

    def _repo(
        self, method: str, path: list[str], bearer: str, body: dict[str, Any], asked: dict[str, str]
    ) -> tuple[int, Any] | None:
        known = _signed(bearer) if path == ["installation"] else bearer in self.tokens
        if not known:
            return 401, {"message": "Bad credentials"}
        if path == ["installation"]:
            return 200, {"id": INSTALLATION}
        return self._known(method, path, body, asked)

    def _known(
        self, method: str, path: list[str], body: dict[str, Any], asked: dict[str, str]
    ) -> tuple[int, Any] | None:
        if path == ["pulls"]:
            return 200, [{"number": n, "head": {"sha": sha}} for n, sha in self.pulls.items()]
        if path[:1] == ["check-runs"]:
            return self._checked(method, path[1:], body)
        if path[0] in ("commits", "issues", "collaborators", "pulls"):
            return self._asked_about(path)
        match (method, path):
            case "GET", ["actions", "runs"]:
                waiting = [one for one in self.runs.values() if one.status == asked["status"]]
                return 200, {"workflow_runs": [_run(one) for one in waiting]}
            case "GET", ["actions", "runs", number] if int(number) in self.runs:
                return 200, _run(self.runs[int(number)])
            case "GET", ["actions", "runs", number, "pending_deployments"]:
                return 200, [{"environment": {"name": self.runs[int(number)].environment}}]
            case "POST", ["actions", "runs", number, "deployment_protection_rule"]:
                return self._answered(self.runs.get(int(number)), body)
        return None

    def _asked_about(self, path: list[str]) -> tuple[int, Any] | None:
        merges = {str(one.number): one for one in self.merges}
        match path:
            case ["commits", sha, "pulls"]:
                return 200, [one.row for one in self.merges if one.sha == sha]
            case ["pulls", number] if number in merges:
                return 200, merges[number].row | {"merged_by": {"login": merges[number].who}}
            case ["issues", number, "events"] if number in merges:
                return 200, [_event(*one) for one in merges[number].events]
            case ["collaborators", who, "permission"] if who in self.roles:
                role = self.roles[who]
                seen = "write" if role == "maintain" else role
                return 200, {"permission": seen, "role_name": role, "user": {"login": who}}
        return None

    def _checked(
        self, method: str, path: list[str], body: dict[str, Any]
    ) -> tuple[int, Any] | None:
        if method == "POST":
            number = 100 + len(self.checks)
            self.checks[number] = body
            return 201, {"id": number}
        if int(path[0]) not in self.checks:
            return None
        self.checks[int(path[0])] |= body
        return 200, {"id": int(path[0])}

    def _answered(self, run: Waits | None, body: dict[str, Any]) -> tuple[int, Any]:
        fits = run is not None and run.environment == body["environment_name"]
        if run is None or not fits or run.status != "waiting" or run.approved:
            return 422, {"message": "Deployment is not waiting"}
        if len(body["comment"]) > LONGEST_COMMENT:
            return 422, {"message": "comment is too long"}
        if "state" not in body:
            if len(run.reports) >= MOST_REPORTS:
                return 422, {"message": "too many status reports"}
            run.reports.append(body["comment"])
        elif body["state"] == "approved":
            run.approved = body["comment"]
        else:
            run.status = "completed"
        return 204, None

    def conclusions(self, sha: str = SHA) -> list[str]:
        """What the newest check of a commit says, as GitHub counts it."""
        mine = [one for one in self.checks.values() if one["head_sha"] == sha]
        return [str(one.get("conclusion", one["status"])) for one in mine[-1:]]


def _signed(word: str) -> bool:
    """Whether the App's own key signed it; the clock of a test is none of GitHub's business."""
    try:
        found = jwt.decode(
            word, KEY.public_key(), algorithms=["RS256"],
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "iat", "iss"]},
        )  # fmt: skip
    except jwt.PyJWTError:
        return False
    return found["iss"] == APP and found["exp"] - found["iat"] <= 600


def _run(one: Waits) -> dict[str, Any]:
    return {
        "id": one.run,
        "status": one.status,
        "run_attempt": one.attempt,
        "head_sha": one.sha,
        "actor": {"login": "ada"},
    }


def _event(what: str, label: str, who: str, at: str) -> dict[str, Any]:
    return {"event": what, "label": {"name": label}, "actor": {"login": who}, "created_at": at}


def requested(run: int = 42, environment: str = "prod", sha: str = SHA) -> dict[str, Any]:
    """The payload of `deployment_protection_rule`, as GitHub sends it; the address in it is a trap:
    whoever follows it gives the token away."""
    trap = f"https://collector.example/repos/{PLACE}/actions/runs/{run}/deployment_protection_rule"
    return {
        "action": "requested",
        "environment": environment,
        "event": "push",
        "deployment_callback_url": trap,
        "deployment": {
            "id": 900 + run,
            "sha": sha,
            "ref": "main",
            "task": "deploy",
            "environment": environment,
            "creator": {"login": "ada", "id": 1},
        },
        "pull_requests": [],
        "repository": {"id": 1, "full_name": PLACE},
        "organization": {"login": "acme"},
        "installation": {"id": INSTALLATION},
        "sender": {"login": "ada"},
    }


def pull(action: str, number: int = 5, sha: str = SHA) -> dict[str, Any]:
    """The payload of `pull_request`, as far as anybody reads it."""
    return {
        "action": action,
        "number": number,
        "pull_request": {"number": number, "head": {"sha": sha, "ref": "topic"}},
        "repository": {"id": 1, "full_name": PLACE},
        "installation": {"id": INSTALLATION},
        "sender": {"login": "ada"},
    }


def group(action: str, sha: str) -> dict[str, Any]:
    """The payload of `merge_group`."""
    return {
        "action": action,
        "merge_group": {"head_sha": sha, "base_ref": "refs/heads/main"},
        "repository": {"id": 1, "full_name": PLACE},
        "installation": {"id": INSTALLATION},
    }


def signed(body: bytes, event: str, guid: str, secret: str = SECRET) -> dict[str, str]:
    """The headers of a delivery."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": guid,
        "X-Hub-Signature-256": f"sha256={digest}",
        "Content-Type": "application/json",
    }
