"""The examples for Argo Rollouts, Flagger and Argo CD, put to the doors that they name."""

import copy
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate
import typer
import yaml

from bot.config import Settings
from bot.decide.approval import Wish
from bot.decide.release import End, Release, journal
from bot.wiring.commands import app
from tests.contract.clusters import Clusters
from tests.contract.clusters import clusters as clusters

pytest_plugins = ["tests.record_stores"]

FOLDER = Path(__file__).parents[2] / "integrations"


def example(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text())


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


def rendered(text: str, rollout: dict[str, Any], recipient: str) -> str:
    """As the notifications of Argo Rollouts fill in a template, as far as ours go."""

    def value(path: str) -> Any:
        found: Any = {"rollout": rollout, "recipient": recipient}
        for step in path.strip(".").split("."):
            found = found[step]
        return found

    def fill(match: re.Match[str]) -> str:
        words = match[1].split()
        if words[0] == "toJson":
            return json.dumps(value(words[1]))
        if words[0] == "index":
            return str(value(words[1])[json.loads(words[2])])
        (path,) = words
        return str(value(path))

    return re.sub(r"\{\{(.+?)\}\}", fill, text)


def test_the_notifications_of_argo_rollouts_tell_the_journal(clusters: Clusters) -> None:
    data = example("argo-rollouts/notifications.yaml")["data"]
    rollout = example("argo-rollouts/rollout.yaml")
    subscribed = {
        name.removeprefix("notifications.argoproj.io/subscribe."): whom
        for name, whom in rollout["metadata"]["annotations"].items()
        if name.startswith("notifications.")
    }
    assert {f"trigger.{name.removesuffix('.burnban')}" for name in subscribed} == {
        name for name in data if name.startswith("trigger.")
    }
    (head,) = [
        one
        for one in yaml.safe_load(data["service.webhook.burnban"])["headers"]
        if one["name"] == "Authorization"
    ]
    assert head["value"] == "Bearer $burnban-token"
    bearer = f"Bearer {clusters.token('releases:note:*')}"

    def happens(trigger: str, step: int) -> str:
        clusters.world.clock.advance(60)
        state = {"currentPodHash": "6c9bd8675b", "currentStepIndex": step}
        meta = rollout["metadata"] | {"namespace": "search", "resourceVersion": f"7{step}{trigger}"}
        seen = rollout | {"status": state, "metadata": meta}
        ((template,),) = [one["send"] for one in yaml.safe_load(data[f"trigger.{trigger}"])]
        hook = yaml.safe_load(data[f"template.{template}"])["webhook"]["burnban"]
        path = rendered(hook["path"], seen, subscribed[f"{trigger}.burnban"])
        body = json.loads(rendered(hook["body"], seen, ""))
        assert hook["method"] == "POST"
        for _ in range(2):  # an answer was lost, and it is tried again
            answer = clusters.post(path, body, Authorization=bearer)
            assert answer.status_code in (200, 202), answer.text
        return answer.text

    steps = [happens("on-rollout-step-completed", step) for step in range(5)]
    assert steps[0] == "nothing of the traffic"  # the gate let it go
    assert all("serves 10 % of the traffic since" in told for told in steps[1:3])
    assert all("serves 50 % of the traffic since" in told for told in steps[3:])
    happens("on-rollout-aborted", 5)
    (first,) = noted(clusters)
    assert (first.version, first.end, first.actor) == ("38", End.ROLLED_BACK, "argo-rollouts")
    assert sorted({float(share) for _, share in first.shares}) == [0.1, 0.5]
    happens("on-rollout-completed", 5)
    assert [one.end for one in noted(clusters)] == [End.ROLLED_BACK, None]


def noted(clusters: Clusters) -> list[Release]:
    since = clusters.world.clock.now() - timedelta(days=1)
    return journal(clusters.world.record.read(lambda books: books.journal.of(["ranker"], since)))


def test_what_tells_no_weight_of_a_rollout_changes_nothing(clusters: Clusters) -> None:
    bearer = f"Bearer {clusters.token('releases:note:ranker')}"
    for step, steps in (("<no value>", []), ("3", None), ("1", [{"pause": {}}, {}]), ("-1", [{}])):
        body = {"phase": "Progressing", "metadata": {"version": "38", "step": step}}
        path = "/gates/rollouts/ranker/event"
        answer = clusters.post(path, body | {"steps": steps}, Authorization=bearer)
        assert answer.status_code == 202, answer.text
    refused = clusters.post("/gates/rollouts/recs/event", {}, Authorization=bearer)
    assert refused.status_code == 403
    assert noted(clusters) == []


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
