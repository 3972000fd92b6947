"""Code hosts, registries and webhooks, as the spec files say."""

from pathlib import Path

import pytest
import yaml

from bot.decide.change import ChangeKind
from bot.decide.outside import CodeHost, Deploys, HostKind, Serves, Topic
from tests.unit.specs.kit import faults, read, slo

WORLD = slo()
INTEGRATIONS = Path(__file__).parents[2] / "integrations"


def told(kind: str, spec: str) -> str:
    lines = "".join(f"  {line}\n" for line in spec.strip().splitlines())
    return f"apiVersion: burnban/v1\nkind: {kind}\nmetadata: {{name: one}}\nspec:\n{lines}"


GITHUB = """\
appId: "1"
privateKeyEnv: KEY
webhookSecretEnv: HOOK
repositories: [{repository: acme/ranker, environment: prod, services: [ranker]}]
"""


def test_a_github_app_is_read_with_its_defaults() -> None:
    host = read(WORLD, told("GitHub", GITHUB)).outside.hosts["one"]
    rules = (Deploys("acme/ranker", "prod", ("ranker",)),)
    assert host == CodeHost(
        "one", HostKind.GITHUB, "https://api.github.com", rules, "HOOK", "KEY", "1"
    )


def test_labels_say_which_kind_of_change_they_mean() -> None:
    labels = "labels: {security: security-fix, hotfix: bug-fix}"
    host = read(WORLD, told("GitHub", GITHUB + labels)).outside.hosts["one"]
    assert host.labels == (("security", ChangeKind.SECURITY_FIX), ("hotfix", ChangeKind.BUG_FIX))


def test_a_gitlab_is_read() -> None:
    spec = """\
url: https://gitlab.example.com/
tokenEnv: TOKEN
freezePeriods: true
approveAs: bots
projects: [{project: acme/sub/ranker, environment: prod, services: ranker}]
"""
    host = read(WORLD, told("GitLab", spec)).outside.hosts["one"]
    assert (host.url, host.periods, host.acts_as) == ("https://gitlab.example.com", True, "bots")
    assert host.services("acme/sub/ranker") == ("ranker",)


def test_an_mlflow_and_a_webhook_are_read() -> None:
    models = """\
url: https://mlflow.example.com
models:
  - {model: ranker, alias: champion, services: ranker, moveBack: ask}
  - {model: ranker, stage: Production, services: ranker}
"""
    hook = "url: https://example.com/in\nsecretEnv: S\nevents: [freeze, thaw]"
    second = told("Webhook", "url: https://example.com/in\nsecretEnv: S").replace("one", "two")
    found = read(WORLD, told("MLflow", models), told("Webhook", hook), second).outside
    assert found.registries["one"].rules == (
        Serves("ranker", ("ranker",), "champion", restore=True),
        Serves("ranker", ("ranker",), stage="Production"),
    )
    assert found.hooks["one"].topics == {Topic.FREEZE, Topic.THAW}
    assert found.hooks["two"].topics == frozenset(Topic)


@pytest.mark.parametrize(
    ("kind", "spec", "problem"),
    [
        ("GitHub", GITHUB.replace("[ranker]", "[rankr]"), "There is no service `rankr`."),
        ("GitHub", GITHUB.replace("acme/ranker", "ranker"), "`ranker` is no repository."),
        ("GitHub", GITHUB.replace("acme/", "acme/../"), "`acme/../ranker` is no repository."),
        ("GitHub", GITHUB + "url: http://ghe.example.com", "Nothing secret can be sent"),
        ("GitHub", GITHUB + "url: https://a:b@ghe.example.com", "Nothing secret can be sent"),
        ("GitHub", GITHUB + "privateKey: x", "`privateKey` would stand here in clear text."),
        ("GitHub", GITHUB + "labels: {hotfix: urgent}", "`urgent` is none of the words for this."),
        ("GitHub", GITHUB + "labels: [hotfix]", "A mapping of fields belongs here"),
        ("GitLab", "token: x", "`token` would stand here in clear text."),
        ("Webhook", "url: http://example.com\nsecretEnv: S", "Nothing secret can be sent"),
        ("Webhook", "url: https://x.example\nsecretEnv: S\nevents: [frost]", "none of the words"),
        ("MLflow", "url: https://x.example\nmodels: [{model: m, services: ranker}]", "Either an"),
        (
            "MLflow",
            "url: https://x.example\n"
            "models: [{model: m, stage: S, services: ranker, moveBack: ask}]",
            "Only an alias can be moved back.",
        ),
    ],
)
def test_a_fault_says_what_is_wrong(kind: str, spec: str, problem: str) -> None:
    found = faults(WORLD, told(kind, spec))
    assert any(problem in one.problem for one in found), [str(one) for one in found]


def test_the_examples_to_copy_load() -> None:
    texts = [path.read_text() for path in sorted(INTEGRATIONS.glob("*/spec.yaml"))]
    named = [text for text in texts if "burnban/v1" in text]
    found = read(WORLD, *named).outside
    assert {"github", "gitlab"} <= set(found.hosts)
    assert "mlflow" in found.registries


def test_no_input_of_the_action_is_read_as_a_command() -> None:
    action = yaml.safe_load((INTEGRATIONS / "github" / "action.yml").read_text())
    steps = action["runs"]["steps"]
    assert all("${{" not in step["run"] for step in steps)
    given = " ".join(value for step in steps for value in step["env"].values())
    assert all(f"inputs.{name} " in given for name in action["inputs"])
