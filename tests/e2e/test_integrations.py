"""What users copy runs as it stands: the steps of the GitHub action and the script of the GitLab
job, in bash, against a Burnban that serves."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from bot.clock import SystemClock
from bot.record import Database
from tests.components import lack
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.process import Process
from tests.e2e.runner import INTEGRATIONS, SHA, Identities, Job, Step, action, borrow, wheel
from tests.e2e.slack import slack, tells
from tests.httpserver import BadServer
from tests.issuer import Issuer, rsa_key
from tests.ports import free_port

PIPELINE = """\
apiVersion: burnban/v1
kind: Pipeline
metadata: {{name: {system}}}
spec:
  system: {system}
  issuer: {issuer}
  rules: [{{repository: acme/ranker, environments: [prod], services: [ranker]}}]
"""
GITLAB = {"project_path": "acme/ranker", "job_id": "796", "user_login": "ada", "ref": "main"}


@pytest.fixture(scope="module")
def github() -> Iterator[Identities]:
    with identities({}) as found:
        yield found


@pytest.fixture(scope="module")
def gitlab() -> Iterator[Identities]:
    with identities(GITLAB | {"ref_type": "branch"}) as found:
        yield found


@contextmanager
def identities(claims: dict[str, str]) -> Iterator[Identities]:
    """A CI system's service, which gives runs an identity with these claims."""
    issuer = Issuer(rsa_key())
    issuer.publish("k1", issuer.key)
    found = Identities(issuer, claims)
    with BadServer(found) as server:
        issuer.url = server.url
        yield found


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, github: Identities, gitlab: Identities
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("integrations")
    with slack() as people:
        specs = burning(folder / "slos")
        for system, one in (("github", github), ("gitlab", gitlab)):
            text = PIPELINE.format(system=system, issuer=one.issuer.url)
            (specs / f"{system}.yaml").write_text(text)
        yield House(folder, specs, f"sqlite:///{folder / 'burnban.db'}", people)


@pytest.fixture(scope="module")
def process(house: House) -> Iterator[Process]:
    with house.run() as running:
        yield running


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory, github: Identities) -> Job:
    """A runner after the step `Install`, which ran as it stands."""
    if find_spec("hatchling") is None:
        lack("needs hatchling: pip install -e '.[test]'")
    temp = tmp_path_factory.mktemp("runner")
    found = Job(temp, github.issuer.url)
    inputs = given(package=str(wheel(temp / "dist")))
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = found.run(action()["runs"]["steps"][0], inputs, **offline)
    assert done.code == 0, done.log
    borrow(temp / "burnban")
    return found


def given(**inputs: str) -> dict[str, str]:
    """Inputs, with the defaults of the action."""
    defaults = {name: one.get("default", "") for name, one in action()["inputs"].items()}
    return defaults | {"service": "ranker"} | inputs


def ask(job: Job, house: House, **inputs: str) -> Step:
    url = f"http://127.0.0.1:{house.port}"
    return job.run(action()["runs"]["steps"][1], given(**{"url": url, **inputs}))


@contextmanager
def frozen(house: House) -> Iterator[int]:
    """A freeze that is over afterwards; its number."""
    done = house.say("freeze", "ranker", "for", "2h", "bad", "roll-out")
    assert done.returncode == 0, done.stderr
    clock = SystemClock()
    with Database(house.database_url) as record:
        (freeze,) = record.read(lambda books: books.freezes.standing(clock.now()))
        yield freeze.id
        record.write(lambda books: books.freezes.lift(freeze.id, clock.now()))


@pytest.mark.usefixtures("process")
def test_the_action_lets_a_release_go_and_says_by_which_decision(
    job: Job, house: House, github: Identities
) -> None:
    done = ask(job, house, kind="retrain", version="38")
    assert done.code == 0, done.log
    assert (done.outputs["exit-code"], done.outputs["outcome"]) == ("0", "warn"), done.log
    assert done.outputs["sentence"].startswith("ranker 38 may go")
    (row,) = [one for one in house.json("history") if one["event"] == "release_allowed"]
    assert done.outputs["decision"] == str(row["seq"])
    assert github.given[-1] == "burnban"


@pytest.mark.usefixtures("process")
def test_the_action_fails_the_step_while_frozen_and_says_why(job: Job, house: House) -> None:
    with frozen(house) as freeze:
        done = ask(job, house, wait="1s")
    assert done.code == 10
    outputs = done.outputs
    assert (outputs["exit-code"], outputs["outcome"]) == ("10", "deny")
    why = f"releases are frozen by freeze {freeze}: bad roll-out"
    assert outputs["sentence"] == f"ranker {SHA[:12]} may not go: {why}"
    tells(done.log, "bad roll-out")
    tells(done.log, f"/override ranker {SHA[:12]}")


def test_the_action_fails_the_step_when_nobody_answers(job: Job, house: House) -> None:
    done = ask(job, house, url=f"http://127.0.0.1:{free_port()}")
    assert done.code == 20
    assert done.outputs == {"exit-code": "20", "outcome": "", "decision": "", "sentence": ""}
    tells(done.log, "cannot be reached")


@pytest.mark.usefixtures("process")
def test_words_in_an_input_are_never_a_command(job: Job, house: House, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    done = ask(job, house, service=f'ranker"; touch {trap}; "$(touch {trap})')
    assert done.code in (2, 13)
    assert done.outputs["exit-code"] == str(done.code)
    assert not trap.exists()


@pytest.mark.usefixtures("process")
def test_a_run_of_another_repository_is_not_authorised(
    job: Job, house: House, github: Identities
) -> None:
    github.claims["repository"] = "eve/ranker"
    try:
        done = ask(job, house)
    finally:
        del github.claims["repository"]
    assert (done.code, done.outputs["exit-code"]) == (13, "13")


def test_the_example_workflow_names_only_inputs_of_the_action() -> None:
    text = (INTEGRATIONS / "github" / "example-workflow.yml").read_text()
    (used,) = [
        step["with"]
        for step in yaml.safe_load(text)["jobs"]["release"]["steps"]
        if "burnban" in step.get("uses", "")
    ]
    inputs = action()["inputs"]
    needed = {name for name, one in inputs.items() if one.get("required")}
    assert needed <= set(used) <= set(inputs)


def script(job: Job, house: House, token: str, port: int = 0) -> subprocess.CompletedProcess[str]:
    """The job's script, line after line in one shell, as GitLab's runner does it."""
    text = (INTEGRATIONS / "gitlab" / "example.gitlab-ci.yml").read_text()
    found = yaml.safe_load(text)["release"]
    assert list(found["id_tokens"]) == ["BURNBAN_TOKEN"]
    env = found["variables"] | {
        "PATH": f"{job.temp / 'burnban' / 'bin'}:/usr/bin:/bin",
        "HOME": str(job.temp),
        "BURNBAN_TOKEN": token,
        "BURNBAN_URL": f"http://127.0.0.1:{port or house.port}",
        "CI_COMMIT_SHA": SHA,
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
    }
    lines = "\n".join(["set -eo pipefail", *found["script"]])
    return subprocess.run(
        ["bash", "-c", lines], env=env, cwd=job.temp, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


@pytest.mark.usefixtures("process")
def test_the_script_of_gitlab_releases_only_what_may_go(
    job: Job, house: House, gitlab: Identities
) -> None:
    token = gitlab.identity("burnban")
    free = script(job, house, token)
    assert (free.returncode, free.stdout) == (0, "release here\n"), free.stderr
    with frozen(house):
        stopped = script(job, house, token)
    assert (stopped.returncode, stopped.stdout) == (10, "")
    tells(stopped.stderr, "bad roll-out")
    away = script(job, house, token, free_port())
    assert (away.returncode, away.stdout) == (20, "")
    runs = [row["evidence"]["run"] for row in house.json("history") if "release" in row["event"]]
    assert "gitlab:796:1" in runs, json.dumps(runs)
