"""A source is built from its spec; secrets come by name."""

import time
from pathlib import Path

import pytest

from bot.decide.catalog import SourceSpec
from bot.errors import ConfigError, Fault
from bot.measure import build
from bot.measure.prometheus import PrometheusSource
from bot.measure.replay import CsvSource
from tests.builders import NOON, when
from tests.httpserver import BadServer, Conversation

SECRETS = {"TOKEN": "not-a-secret", "PASSWORD": "not-one-either"}
VERSION = '{"status": "success", "data": {"version": "9.9"}}'


def secret(name: str) -> str:
    if name not in SECRETS:
        raise ConfigError([Fault(name, "", "is not set.")])
    return SECRETS[name]


def spec(kind: str = "prometheus", **details: object) -> SourceSpec:
    return SourceSpec("models", kind, details, "slos/sources.yaml:3")


def asked_by(**details: object) -> dict[str, str]:
    """The headers that a server gets from a source with these details."""

    def handler(conversation: Conversation) -> None:
        conversation.answer(VERSION)

    with BadServer(handler) as server:
        source = build(spec(url=f"{server.url}/prometheus", **details), secret, time.monotonic)
        assert source.check() == "models: Prometheus 9.9"
        source.close()
        assert server.requests[0].path == "/prometheus/api/v1/status/buildinfo"
        return server.requests[0].headers


def test_a_bearer_token_is_taken_from_its_variable() -> None:
    assert asked_by(bearerTokenEnv="TOKEN")["authorization"] == "Bearer not-a-secret"


def test_a_password_is_taken_from_its_variable() -> None:
    headers = asked_by(basicAuth={"username": "ml", "passwordEnv": "PASSWORD"})
    assert headers["authorization"] == "Basic bWw6bm90LW9uZS1laXRoZXI="


def test_headers_are_written_or_taken_from_variables() -> None:
    headers = asked_by(headers={"X-Scope-OrgID": "ml", "X-Api-Key": {"env": "TOKEN"}})
    assert (headers["x-scope-orgid"], headers["x-api-key"]) == ("ml", "not-a-secret")


def test_a_header_that_cannot_be_sent_is_a_fault_of_the_configuration() -> None:
    details = {"url": "http://localhost", "headers": {"X-Scope-OrgID": "größe"}}
    with pytest.raises(ConfigError) as error:
        build(spec(**details), secret, time.monotonic)
    where = "slos/sources.yaml:3: spec.connectionDetails: "
    assert (
        str(error.value) == f"{where}X-Scope-OrgID is sent as one line of ASCII text, and is none."
    )


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_an_authority_that_cannot_be_read_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "own.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError) as error:
        build(spec(url="https://localhost", caFile=str(path)), secret, time.monotonic)
    text = str(error.value)
    assert text.startswith("slos/sources.yaml:3: spec.connectionDetails.caFile: ")
    assert str(path) in text


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"graphite is not read\. Use prometheus or csv"):
        build(spec("graphite"), secret, time.monotonic)


def test_slices_are_asked_for_when_their_samples_have_arrived() -> None:
    details = {"url": "http://localhost", "step": 300, "delay": 90}
    source = build(spec(**details), secret, time.monotonic)
    assert isinstance(source, PrometheusSource)
    assert source.newest(when(NOON + 389)) == NOON
    assert source.newest(when(NOON + 390)) == NOON + 300
    source.close()


def test_a_file_is_found_from_here_or_from_the_folder_of_the_specs(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text("time,objective,eligible,bad\n")
    for path in (str(tmp_path / "counts.csv"), "counts.csv"):
        source = build(spec("csv", path=path), secret, time.monotonic, tmp_path)
        assert isinstance(source, CsvSource)
        assert source.check() == "models: 0 rows of 0 objectives in counts.csv"
