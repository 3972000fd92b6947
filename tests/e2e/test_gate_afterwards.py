"""What went without the gate's word comes to light: over HTTP and by the verbs of a terminal."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.process import Process
from tests.e2e.slack import slack, tells
from tests.hub import INSTALLATION, PLACE, SECRET, SHA, signed

HOST = """\
apiVersion: burnban/v1
kind: GitHub
metadata: {name: acme}
spec:
  url: http://127.0.0.1:1
  appId: "1"
  privateKeyEnv: APP_KEY
  webhookSecretEnv: HOOK_SECRET
  repositories: [{repository: acme/ranker, environment: prod, services: ranker}]
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("afterwards")
    with slack() as people:
        specs = burning(folder / "slos")
        (specs / "github.yaml").write_text(HOST)
        url = f"sqlite:///{folder / 'burnban.db'}"
        extra = {"HOOK_SECRET": SECRET, "APP_KEY": "none"}
        yield House(folder, specs, url, people, extra=extra)


@pytest.fixture(scope="module")
def process(house: House) -> Iterator[Process]:
    with house.run() as running:
        yield running


def token(house: House, name: str) -> str:
    made = house.say("token", "create", name, "--scope", "gate:decide:ranker")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def went(sha: str, number: int) -> bytes:
    """A deployment that GitHub says has gone out."""
    said = {
        "action": "created",
        "deployment_status": {"state": "success"},
        "deployment": {
            "id": number, "sha": sha, "environment": "prod", "creator": {"login": "ada"},
        },
        "repository": {"full_name": PLACE},
        "installation": {"id": INSTALLATION},
    }  # fmt: skip
    return json.dumps(said).encode()


def deliver(house: House, body: bytes, guid: str, secret: str = SECRET) -> int:
    url = f"http://127.0.0.1:{house.port}/hooks/github/acme"
    headers = signed(body, "deployment_status", guid, secret)
    return httpx.post(url, content=body, headers=headers, trust_env=False).status_code


@pytest.mark.usefixtures("process")
def test_a_release_that_never_asked_is_listed_and_one_that_asked_is_not(house: House) -> None:
    asked = "b" * 40
    question = {"subject": {"service": "ranker"}, "change": {"commit": asked}}
    answer = httpx.post(
        f"http://127.0.0.1:{house.port}/v1/gate/decisions", json=question, trust_env=False,
        headers={"Authorization": f"Bearer {token(house, 'ci')}"},
    )  # fmt: skip
    assert answer.json()["allowed"] is True
    assert deliver(house, went(SHA, 1), "g1") in (200, 202)
    assert deliver(house, went(asked, 2), "g2") in (200, 202)
    assert deliver(house, went("c" * 40, 3), "g3", "another-secret-than-that") == 401
    (row,) = house.json("releases", "--ungated")
    assert (row["commit"], row["who"], row["source"], row["decision"]) == (
        SHA, "github:ada", "github acme", None,
    )  # fmt: skip
    every = {one["commit"]: one["decision"] for one in house.json("releases")}
    assert every == {SHA: None, asked: int(answer.json()["decision_id"])}
    tells(house.say("releases", "--ungated", COLUMNS="200").stdout, "never asked")


@pytest.mark.usefixtures("process")
def test_a_release_that_went_while_nobody_answered_is_listed_with_its_reason(
    house: House,
) -> None:
    passage = {
        "subject": {"service": "ranker", "model_version": "37"},
        "change": {"kind": "rollback"},
        "actor": {"id": "github:ben", "type": "ci"},
        "passed_at": house.json("history")[0]["at"],
        "why": "nobody answered; a rollback passes",
    }
    word = {"Authorization": f"Bearer {token(house, 'runner')}"}
    url = f"http://127.0.0.1:{house.port}/v1/gate/reports"
    for fresh in (True, False):
        answer = httpx.post(url, json=passage, headers=word, trust_env=False)
        assert answer.json() == {"recorded": fresh}, answer.text
    (row,) = [one for one in house.json("releases", "--ungated") if one["version"] == "37"]
    assert (row["who"], row["why"]) == ("github:ben", "nobody answered; a rollback passes")
    (told,) = [one for one in house.json("history") if one["event"] == "release_unasked"]
    assert row["decision"] == told["seq"]
    tells(house.say("releases", "--ungated", COLUMNS="200").stdout, "without an answer")
