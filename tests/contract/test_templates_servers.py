"""Every template against pages as its server writes them: the figures stand here, apart from the
templates, so that a wrong name, unit or selector in one of them is found out."""

from collections.abc import Iterator

import pytest

from bot.spec.shipped import templates
from tests.builders import MINUTE, NOON
from tests.prometheus import PrometheusServer, fill
from tests.sought import read

pytestmark = pytest.mark.prometheus

GROWTH = """
nv_inference_request_success{model="ranker",version="2"} 97
nv_inference_request_success{model="other",version="2"} 500
nv_inference_request_failure{model="ranker",version="2",reason="BACKEND"} 2
nv_inference_request_failure{model="ranker",version="2",reason="REJECTED"} 1
nv_inference_request_duration_us{model="ranker",version="2"} 14550000

Requests2XX{Level="Host",Hostname="h"} 95
Requests4XX{Level="Host",Hostname="h"} 2
Requests5XX{Level="Host",Hostname="h"} 3
ts_inference_requests_total{model_name="ranker",model_version="1.0",hostname="h"} 100
ts_inference_requests_total{model_name="other",model_version="1.0",hostname="h"} 500
ts_inference_latency_microseconds{model_name="ranker",model_version="1.0",hostname="h"} 15000000

:tensorflow:serving:request_count{model_name="ranker",status="OK"} 90
:tensorflow:serving:request_count{model_name="other",status="OK"} 500
:tensorflow:serving:request_count{model_name="ranker",status="INVALID_ARGUMENT"} 5
:tensorflow:serving:request_count{model_name="ranker",status="UNAVAILABLE"} 3
:tensorflow:serving:request_count{model_name="ranker",status="INTERNAL"} 2
:tensorflow:serving:request_latency_bucket{model_name="ranker",API="predict",le="104976"} 80
:tensorflow:serving:request_latency_count{model_name="ranker",API="predict"} 100

request_predict_seconds_bucket{model_name="ranker",le="0.25"} 90
request_predict_seconds_count{model_name="ranker"} 100
request_predict_seconds_bucket{model_name="other",le="0.25"} 1
request_predict_seconds_count{model_name="other"} 500

seldon_model_infer_total{model="ranker",model_internal="ranker_1",code="200"} 60
seldon_model_infer_total{model="ranker",model_internal="ranker_1",code="OK"} 30
seldon_model_infer_total{model="ranker",model_internal="ranker_1",code="404"} 4
seldon_model_infer_total{model="ranker",model_internal="ranker_1",code="500"} 3
seldon_model_infer_total{model="ranker",model_internal="ranker_1",code="Unavailable"} 2
seldon_model_infer_total{model="ranker",model_internal="ranker_1",code="Internal"} 1
seldon_model_infer_total{model="other",model_internal="other_1",code="200"} 500
seldon_model_infer_seconds_total{model="ranker",model_internal="ranker_1",code="200"} 15
seldon_pipeline_infer_api_seconds_bucket{pipeline="ranker",le="0.25"} 90
seldon_pipeline_infer_api_seconds_count{pipeline="ranker"} 100

model_infer_request_success_total{model="ranker",version="v1"} 97
model_infer_request_success_total{model="other",version="v1"} 500
model_infer_request_failure_total{model="ranker",version="v1"} 3
model_infer_request_duration_sum{model="ranker",version="v1"} 15
model_infer_request_duration_count{model="ranker",version="v1"} 100
rest_server_requests_duration_seconds_bucket{path="/v2/models/{model_name}/infer",le="0.25"} 90
rest_server_requests_duration_seconds_count{path="/v2/models/{model_name}/infer"} 100
rest_server_requests_duration_seconds_bucket{path="/v2/health/ready",le="0.25"} 500
rest_server_requests_duration_seconds_count{path="/v2/health/ready"} 500

bentoml_service_request_total{service_name="ranker",endpoint="/p",http_response_code="200"} 95
bentoml_service_request_total{service_name="ranker",endpoint="/p",http_response_code="404"} 2
bentoml_service_request_total{service_name="ranker",endpoint="/p",http_response_code="500"} 2
bentoml_service_request_total{service_name="ranker",endpoint="/p",http_response_code="503"} 1
bentoml_service_request_total{service_name="other",endpoint="/p",http_response_code="200"} 500
bentoml_service_request_duration_seconds_bucket{service_name="ranker",endpoint="/p",le="0.25"} 90
bentoml_service_request_duration_seconds_count{service_name="ranker",endpoint="/p"} 100

ray_serve_deployment_request_counter_total{application="app",deployment="ranker",route="/"} 97
ray_serve_deployment_request_counter_total{application="app",deployment="other",route="/"} 500
ray_serve_deployment_error_counter_total{application="app",deployment="ranker",route="/"} 3
ray_serve_deployment_processing_latency_ms_bucket{deployment="ranker",le="200"} 90
ray_serve_deployment_processing_latency_ms_count{deployment="ranker"} 100

http_requests_total{handler="/v1/completions",method="POST",status="2xx"} 95
http_requests_total{handler="/v1/completions",method="POST",status="4xx"} 2
http_requests_total{handler="/v1/completions",method="POST",status="5xx"} 3
http_requests_total{handler="/metrics",method="GET",status="2xx"} 500
vllm:e2e_request_latency_seconds_bucket{model_name="ranker",le="10.0"} 90
vllm:e2e_request_latency_seconds_count{model_name="ranker"} 100
vllm:time_to_first_token_seconds_bucket{model_name="ranker",le="1.0"} 80
vllm:time_to_first_token_seconds_count{model_name="ranker"} 100
vllm:inter_token_latency_seconds_bucket{model_name="ranker",le="0.1"} 950
vllm:inter_token_latency_seconds_count{model_name="ranker"} 1000
vllm:generation_tokens_total{model_name="ranker"} 6000
"""
"""Series, and what each grows by in a minute."""
GOOD, BAD = (1.0, 0.0), (1.0, 1.0)
COUNTED = [
    ("triton/availability", "", (100, 3)),
    ("triton/mean-latency", "atMost: 160ms", GOOD),
    ("triton/mean-latency", "atMost: 140ms", BAD),
    ("triton/throughput", "atLeast: 1.5", GOOD),
    ("triton/throughput", "atLeast: 1.7", BAD),
    ("torchserve/availability", "", (100, 3)),
    ("torchserve/mean-latency", "atMost: 160ms", GOOD),
    ("torchserve/mean-latency", "atMost: 140ms", BAD),
    ("torchserve/throughput", "atLeast: 1.6", GOOD),
    ("torchserve/throughput", "atLeast: 1.7", BAD),
    ("tfserving/availability", "", (100, 5)),
    ("tfserving/latency", "atMost: 104.976ms", (100, 20)),
    ("tfserving/throughput", "atLeast: 1.4", GOOD),
    ("tfserving/throughput", "atLeast: 1.6", BAD),
    ("kserve/latency", "atMost: 250ms", (100, 10)),
    ("seldon/availability", "", (100, 6)),
    ("seldon/mean-latency", "atMost: 160ms", GOOD),
    ("seldon/mean-latency", "atMost: 140ms", BAD),
    ("seldon/pipeline-latency", "atMost: 250ms", (100, 10)),
    ("seldon/throughput", "atLeast: 1.4", GOOD),
    ("seldon/throughput", "atLeast: 1.6", BAD),
    ("mlserver/availability", "", (100, 3)),
    ("mlserver/latency", "atMost: 250ms", (100, 10)),
    ("mlserver/mean-latency", "atMost: 160ms", GOOD),
    ("mlserver/mean-latency", "atMost: 140ms", BAD),
    ("bentoml/availability", "", (100, 3)),
    ("bentoml/latency", "atMost: 250ms", (100, 10)),
    ("bentoml/throughput", "atLeast: 1.5", GOOD),
    ("bentoml/throughput", "atLeast: 1.6", BAD),
    ("rayserve/availability", "", (100, 3)),
    ("rayserve/latency", "atMost: 200ms", (100, 10)),
    ("vllm/availability", "", (100, 3)),
    ("vllm/latency", "atMost: 10s", (100, 10)),
    ("vllm/first-token", "atMost: 1s", (100, 20)),
    ("vllm/inter-token", "atMost: 100ms", (1000, 50)),
    ("vllm/throughput", "atLeast: 90", GOOD),
    ("vllm/throughput", "atLeast: 110", BAD),
]


def lines() -> Iterator[str]:
    for line in sorted(filter(None, GROWTH.splitlines())):
        series, growth = line.rsplit(" ", 1)
        for minute in range(11):
            yield f"{series} {int(growth) * minute} {NOON + minute * MINUTE}"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("servers") / "data"
    fill(lines(), data)
    with PrometheusServer(data) as running:
        yield running.url


@pytest.mark.parametrize(("name", "limit", "counts"), COUNTED)
def test_a_template_counts_what_its_server_writes(
    url: str, name: str, limit: str, counts: tuple[float, float]
) -> None:
    required = [one.name for one in templates()[name].parameters if one.required]
    said = [f"template: {name}", *(f"{one}: ranker" for one in required), *filter(None, [limit])]
    start = NOON + 6 * MINUTE
    found = read(url, ", ".join(said), start, start + 3 * MINUTE)
    assert found.fault is None
    assert {(one.eligible, one.bad) for one in found.slices} == {counts}


def test_no_template_that_can_be_had_is_missing_here() -> None:
    usable = {one.name for one in templates().values() if one.form != "refused"}
    assert {name for name, _, _ in COUNTED} == usable
