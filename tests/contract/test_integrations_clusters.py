"""The examples for Argo Rollouts, Flagger and Argo CD, put to the doors that they name."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import typer
import yaml

from bot.config import Settings
from bot.decide.approval import Wish
from bot.record import Database
from bot.wiring.commands import app
from tests.contract.clusters import Clusters, knocking
from tests.flow.conftest import World

pytest_plugins = ["tests.record_stores"]

FOLDER = Path(__file__).parents[2] / "integrations"


def example(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text())


@pytest.fixture
def clusters(sqlite_url: str) -> Iterator[Clusters]:
    with Database(sqlite_url) as record, knocking(World(record)) as found:
        yield found


def filled(text: str, values: dict[str, str]) -> str:
    """As Argo Rollouts fills in arguments."""
    for name, value in values.items():
        text = text.replace(f"{{{{args.{name}}}}}", value)
    assert "{{" not in text
    return text


def test_the_metric_of_argo_rollouts_waits_for_the_thaw(clusters: Clusters) -> None:
    template = example("argo-rollouts/analysis-template.yaml")["spec"]
    (metric,) = template["metrics"]
    web = metric["provider"]["web"]
    (step,) = [
        one["analysis"]
        for one in example("argo-rollouts/rollout.yaml")["spec"]["strategy"]["canary"]["steps"]
        if "analysis" in one
    ]
    assert step["templates"] == [{"templateName": "burnban"}]
    given = {one["name"]: one.get("value", "") for one in step["args"]}
    assert {*given, "token"} == {one["name"] for one in template["args"]}
    values = given | {"namespace": "search", "revision": "6c9bd8675b", "token": clusters.token()}
    headers = {one["key"]: filled(one["value"], values) for one in web["headers"]}
    body = json.loads(filled(json.dumps(web["jsonBody"]), values))
    path = urlsplit(filled(web["url"], values)).path

    def state() -> str:
        answer = clusters.post(path, body, **headers)
        assert (web["method"], answer.status_code) == ("POST", 200)
        assert web["jsonPath"] == "{$.data.state}"
        found: str = answer.json()["data"]["state"]
        return found

    assert metric["successCondition"] == f'result == "{state()}"'
    clusters.world.ask(Wish.FREEZE)
    assert state() == "deny"
    (row,) = clusters.world.story("release_stopped")
    evidence = row.decision.evidence
    assert (evidence["version"], evidence["run"]) == (
        "38",
        "argo-rollouts:search/ranker/6c9bd8675b:1",
    )
    clusters.world.ask(Wish.UNFREEZE)
    clusters.world.vote(clusters.world.pending()[0], "UBEN")
    assert state() == "open"


def test_the_webhooks_of_flagger_ask_the_gate_and_none_of_those_rolls_back(
    clusters: Clusters,
) -> None:
    canary = example("flagger/canary.yaml")
    every = canary["spec"]["analysis"]["webhooks"]
    others = ("/rollback", "/event")
    hooks = [one for one in every if not urlsplit(one["url"]).path.endswith(others)]
    types = [one["type"] for one in hooks]
    assert types == ["confirm-rollout", "confirm-traffic-increase", "confirm-promotion"]
    assert [one["type"] for one in every if one not in hooks] == ["rollback", "event"]
    clusters.world.ask(Wish.FREEZE)
    for hook in hooks:
        meta = copy.deepcopy(hook["metadata"])
        assert meta["token"] == "TOKEN"
        payload = {
            "name": canary["metadata"]["name"],
            "namespace": canary["metadata"]["namespace"],
            "phase": "Progressing",
            "checksum": "85d557f47b",
            "metadata": meta | {"token": clusters.token()},
        }
        held = clusters.post(urlsplit(hook["url"]).path, payload)
        assert held.status_code == 403
        assert "/override ranker 38 WHY" in held.text
    assert len(clusters.world.story("release_stopped")) == 1


def test_the_job_of_argo_cd_fits_kubernetes_and_speaks_the_words_of_the_command() -> None:
    job = example("argo-cd/presync-job.yaml")
    named = copy.deepcopy(job)
    assert kubernetes_validate.validate(named, kubernetes_validate.latest_version(), strict=True)
    (container,) = job["spec"]["template"]["spec"]["containers"]
    command, *words = container["args"]
    known = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    options = {option for one in known.params for option in one.opts}
    assert {word.partition("=")[0] for word in words} <= options
    settings = {str(one.validation_alias) for one in Settings.model_fields.values()}
    assert {one["name"] for one in container["env"]} <= settings
