"""`burnban init` against a real Prometheus that scrapes the metrics of model servers."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from bot.errors import SourceError, SpecError, UserError
from bot.judge.indicator import Ratio
from bot.wiring.commands import app
from bot.wiring.specs import load_specs
from tests.exposition import Exporter
from tests.ports import free_port
from tests.prometheus import PrometheusServer

pytestmark = pytest.mark.prometheus

HOSTILE = 'x"} or vector(1) #'
PAGE = r"""
# TYPE nv_inference_request_success counter
nv_inference_request_success{model="ranker",version="1"} 10
nv_inference_request_success{model="embedder",version="1"} 10
# TYPE nv_inference_request_failure counter
nv_inference_request_failure{model="ranker",version="1",reason="BACKEND"} 1
# TYPE request_predict_seconds histogram
request_predict_seconds_bucket{model_name="x\"} or vector(1) #",le="0.1"} 5
request_predict_seconds_bucket{model_name="x\"} or vector(1) #",le="0.5"} 7
request_predict_seconds_bucket{model_name="x\"} or vector(1) #",le="+Inf"} 9
request_predict_seconds_count{model_name="x\"} or vector(1) #"} 9
request_predict_seconds_sum{model_name="x\"} or vector(1) #"} 2
# TYPE vllm:request_success_total counter
vllm:request_success_total{model_name="ranker",finished_reason="stop"} 3
# TYPE vllm:e2e_request_latency_seconds histogram
vllm:e2e_request_latency_seconds_bucket{model_name="ranker",le="8.0"} 3
vllm:e2e_request_latency_seconds_bucket{model_name="ranker",le="+Inf"} 3
vllm:e2e_request_latency_seconds_count{model_name="ranker"} 3
vllm:e2e_request_latency_seconds_sum{model_name="ranker"} 9
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("init") / "data"
    page = PAGE.strip().encode() + b"\n"
    with Exporter([page]) as exporter, PrometheusServer(data, exporter.scrape_config) as running:
        exporter.wait(3)
        found = httpx.post(f"{running.url}/api/v1/query", data={"query": "up"}, trust_env=False)
        assert found.json()["data"]["result"]
        yield running.url


def run(words: Sequence[str]) -> Result:
    result = CliRunner().invoke(app, ["init", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_every_model_that_was_seen_gets_a_spec_that_is_valid(url: str, tmp_path: Path) -> None:
    out = tmp_path / "slos"
    result = run(["--prometheus", url, "--out", str(out)])
    assert result.exit_code == 0
    assert sorted(one.name for one in out.iterdir()) == [
        "embedder.yaml",
        "prometheus.source.yaml",
        "ranker-vllm.yaml",
        "ranker.yaml",
        "x-or-vector-1.yaml",
    ]
    catalog = load_specs(out)
    assert [one.id for one in catalog.objectives] == [
        "embedder/availability",
        "embedder/mean-latency",
        "ranker-vllm/latency",
        "ranker/availability",
        "ranker/mean-latency",
        "x-or-vector-1/latency",
    ]
    assert catalog.services["ranker"].model == "ranker"


def test_a_limit_to_begin_with_is_a_bucket_that_is_there(url: str, tmp_path: Path) -> None:
    run(["--prometheus", url, "--out", str(tmp_path)])
    (found,) = (one for one in load_specs(tmp_path).objectives if one.id == "ranker-vllm/latency")
    assert isinstance(found.indicator, Ratio)
    assert found.indicator.good == (
        r'sum(vllm:e2e_request_latency_seconds_bucket{model_name="ranker",le=~"8|8\\.0"})'
    )
    assert "buckets: 8s" in (tmp_path / "ranker-vllm.yaml").read_text()


def test_a_hostile_name_of_a_model_stays_a_value(url: str, tmp_path: Path) -> None:
    run(["--prometheus", url, "--out", str(tmp_path)])
    (found,) = (one for one in load_specs(tmp_path).objectives if one.service == "x-or-vector-1")
    assert isinstance(found.indicator, Ratio)
    assert found.indicator.total == (
        r'sum(request_predict_seconds_count{model_name="x\"} or vector(1) #"})'
    )


def test_what_a_server_cannot_tell_is_said(url: str, tmp_path: Path) -> None:
    result = run(["--prometheus", url, "--out", str(tmp_path)])
    assert "kserve/availability: KServe's Python servers count no errors." in result.output
    assert "Not seen in the last hour: BentoML" in result.output
    assert "# triton/latency: Triton gives only the sum" in (tmp_path / "ranker.yaml").read_text()


def test_a_second_time_it_leaves_alone_what_is_there(url: str, tmp_path: Path) -> None:
    run(["--prometheus", url, "--out", str(tmp_path)])
    (tmp_path / "embedder.yaml").unlink()
    before = (tmp_path / "ranker.yaml").read_text()
    result = run(["--prometheus", url, "--out", str(tmp_path)])
    assert "NVIDIA Triton: ranker: is in your specs already" in result.output
    assert (tmp_path / "embedder.yaml").exists()
    assert (tmp_path / "ranker.yaml").read_text() == before


def test_a_file_is_never_overwritten_without_force(url: str, tmp_path: Path) -> None:
    (tmp_path / "ranker.yaml").write_text("# mine\n")
    with pytest.raises(UserError, match=r"ranker\.yaml is there already\. Nothing was written"):
        run(["--prometheus", url, "--out", str(tmp_path)])
    assert [one.name for one in tmp_path.iterdir()] == ["ranker.yaml"]
    run(["--prometheus", url, "--out", str(tmp_path), "--force"])
    assert "triton/availability" in (tmp_path / "ranker.yaml").read_text()
    run(["--prometheus", url, "--out", str(tmp_path), "--force"])
    assert len(load_specs(tmp_path).objectives) == 6


def test_nothing_is_written_beside_specs_that_are_at_fault(url: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("apiVersion: openslo/v1\nkind: SLO\n")
    with pytest.raises(SpecError):
        run(["--prometheus", url, "--out", str(tmp_path)])
    assert [one.name for one in tmp_path.iterdir()] == ["mine.yaml"]


def test_a_prometheus_without_models_is_no_success(tmp_path: Path) -> None:
    with PrometheusServer(tmp_path / "data") as empty:
        result = run(["--prometheus", empty.url, "--out", str(tmp_path / "slos")])
    assert result.exit_code == 1
    assert "has had no metrics of a server that Burnban knows" in result.output
    assert not (tmp_path / "slos").exists()


def test_a_prometheus_that_does_not_answer_is_told(tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(SourceError, match="Prometheus does not answer"):
        run(["--prometheus", nobody, "--out", str(tmp_path)])
