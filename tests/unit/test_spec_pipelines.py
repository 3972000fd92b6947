"""Pipelines: which runs of CI systems may ask the gate, as the spec files say."""

import pytest

from bot.decide.caller import Rights
from bot.decide.pipeline import PipelineRule, System
from tests.unit.specs.kit import faults, read, slo


def pipeline(spec: str) -> str:
    lines = "".join(f"  {line}\n" for line in spec.strip().splitlines())
    return f"apiVersion: burnban/v1\nkind: Pipeline\nmetadata: {{name: ci}}\nspec:\n{lines}"


RULE = "rules: [{repository: acme/ranker, services: [ranker]}]"


def test_a_pipeline_of_github_says_who_may_ask_for_what() -> None:
    found = read(
        slo(),
        pipeline("""
system: github
audience: https://burnban.example.com
rules:
  - repository: acme/ranker
    environments: [prod]
    refs: refs/heads/main
    services: ranker
    claims: [rollback]
    read: true
"""),
    ).pipelines["ci"]
    assert (found.system, found.audience) == (System.GITHUB, "https://burnban.example.com")
    assert found.issuer == "https://token.actions.githubusercontent.com"
    rights = Rights.of(["gate:decide:ranker", "gate:claim:rollback", "read"])
    assert found.rules == (PipelineRule("acme/ranker", rights, ("prod",), ("refs/heads/main",)),)


def test_gitlab_may_be_anybodys_and_is_named() -> None:
    text = f"system: gitlab\nissuer: https://gitlab.example.com\n{RULE}"
    found = read(slo(), pipeline(text)).pipelines["ci"]
    assert (found.issuer, found.audience) == ("https://gitlab.example.com", "burnban")
    told = faults(slo(), pipeline(f"system: gitlab\n{RULE}"))
    assert any("issuer" in str(fault) for fault in told)


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        (f"system: jenkins\n{RULE}", "jenkins"),
        (f"system: gitlab\nissuer: http://gitlab.example.com\n{RULE}", "issuer"),
        (f"system: gitlab\nissuer: https://me:pw@gitlab.example.com\n{RULE}", "issuer"),
        ("system: github", "rules"),
        ("system: github\nrules: [{repository: ranker, services: [ranker]}]", "repository"),
        ("system: github\nrules: [{repository: acme/ranker, services: [rankr]}]", "rankr"),
        ("system: github\nrules: [{repository: acme/ranker}]", "services"),
        (
            "system: github\nrules: [{repository: a/b, services: [ranker], claims: [wish]}]",
            "wish",
        ),
        ("system: github\nrules: [{repository: a/b, services: [ranker], refs: [main]}]", "main"),
        (f"system: github\nwhatever: 1\n{RULE}", "whatever"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(spec: str, word: str) -> None:
    told = faults(slo(), pipeline(spec))
    assert any(word in str(fault) for fault in told), told
    assert all(":" in fault.where for fault in told)
