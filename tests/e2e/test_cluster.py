"""A cluster asks a real `burnban run`: over TLS, as its API server does, and behind a proxy."""

import ssl
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.admission import IMAGE, Object, annotated, review, workload
from tests.certificates import write
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.process import Process
from tests.e2e.slack import slack, tells
from tests.ports import free_port

OLD, NEW = workload(), workload(f"{IMAGE}:39")
SPEC = "apiVersion: burnban/v1\nkind: Cluster\nmetadata: {name: prod}\nspec: {unknown: deny}\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("cluster")
    specs = burning(folder / "slos")
    (specs / "cluster.yaml").write_text(SPEC)
    cert, key = write(folder, 1)
    with slack() as people:
        built = House(folder, specs, f"sqlite:///{folder / 'burnban.db'}", people)
        built.extra |= {
            "BURNBAN_TLS_CERT": str(cert),
            "BURNBAN_TLS_KEY": str(key),
            "BURNBAN_TLS_PORT": str(free_port()),
        }
        yield built


@pytest.fixture(scope="module")
def process(house: House) -> Iterator[Process]:
    with house.run() as running:
        yield running


@pytest.fixture(scope="module")
def token(house: House, process: Process) -> str:
    scopes = ("--scope", "gate:decide:*", "--scope", "gate:break-glass:prod")
    made = house.say("token", "create", "cluster", *scopes)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def api_server(house: House) -> httpx.Client:
    """What it trusts is the certificate alone."""
    context = ssl.create_default_context(cafile=str(house.folder / "tls.crt"))
    url = f"https://localhost:{house.extra['BURNBAN_TLS_PORT']}"
    return httpx.Client(base_url=url, verify=context, trust_env=False)


def asked(client: httpx.Client, token: str, said: Object, door: str = "review") -> Any:
    answer = client.post(f"/kubernetes/prod/{door}/{token}?timeout=5s", json=said)
    assert answer.status_code == 200, answer.text
    return answer.json()["response"]


def test_a_release_into_a_cluster_is_stopped_and_goes_in_an_emergency(
    house: House, process: Process, token: str
) -> None:
    with api_server(house) as client:
        assert client.get("/healthz").status_code == 200
        assert asked(client, token, review(NEW, OLD))["allowed"] is True
        tells(house.say("freeze", "ranker", "for", "2h", "bad", "rollout").stdout, "frozen")
        stopped = asked(client, token, review(workload(f"{IMAGE}:40"), OLD))
        assert stopped["allowed"] is False
        tells(stopped["status"]["message"], "bad rollout")
        broken = annotated(workload(f"{IMAGE}:40"), break_glass="INC-7 nobody gets results")
        assert asked(client, token, review(broken, OLD), "break-glass")["allowed"] is True
    events = {row["event"] for row in house.json("history")}
    assert {"release_allowed", "release_stopped", "glass_broken", "override_used"} <= events
    assert token not in process.log


def test_the_same_doors_stand_behind_a_proxy_that_ends_tls(
    house: House, process: Process, token: str
) -> None:
    url = f"http://127.0.0.1:{house.port}"
    with httpx.Client(base_url=url, trust_env=False) as client:
        assert asked(client, token, review(workload(service=""), None))["allowed"] is False
        stage = {"name": "recs", "namespace": "s", "phase": "Progressing", "checksum": "1"}
        flagger = client.post("/gates/flagger/none", json={**stage, "metadata": {"token": token}})
        assert flagger.status_code == 403
        tells(flagger.text, "there is no service none")
    assert process.end() == 0
