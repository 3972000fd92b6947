"""A source that misbehaves costs a bounded time and gives a fault, never a number."""

import json
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from shutil import which

import pytest

from bot.errors import SourceError
from bot.judge.indicator import Indicator, Op, Ratio, Threshold
from bot.judge.thinning import Stretch
from bot.measure.api import Connection
from bot.measure.prometheus import Habits, PrometheusSource
from bot.ports import Ask, Reading
from tests.builders import NOON, objective
from tests.httpserver import BadServer, Conversation, Handler

ONE = Ratio("a_total", bad="b_total")
STRETCH = Stretch(NOON, NOON + 60, 60)


@contextmanager
def source(url: str, total: float = 20.0, **more: object) -> Iterator[PrometheusSource]:
    connection = Connection(url, **{"timeout": 1.0, **more})  # type: ignore[arg-type]
    made = PrometheusSource("models", connection, Habits(total_timeout=total), time.monotonic)
    try:
        yield made
    finally:
        made.close()


def ask(indicator: Indicator = ONE, service: str = "ranker") -> Ask:
    return Ask(objective(service, indicator=indicator), STRETCH, NOON)


def fault_of(handler: Handler, **more: object) -> str:
    with BadServer(handler) as server, source(server.url, **more) as models:
        (reading,) = models.read([ask()])
        assert reading.slices == ()
        assert reading.fault is not None
        with pytest.raises(SourceError) as error:
            models.check()
        assert str(error.value).startswith("models ")
        return reading.fault


def saying(
    body: str, status: str = "200 OK", kind: str = "application/json"
) -> Callable[[Conversation], None]:
    return lambda conversation: conversation.answer(body, status, kind)


def prometheus(value: Callable[[str], str | None]) -> Handler:
    """Answers each part of a union with the value for its text; None for nothing there."""

    def handler(conversation: Conversation) -> None:
        form = conversation.request.form
        parts = re.findall(
            r'label_replace\((.*?), "burnban", "(\d+)", "", ""\)', form["query"], re.S
        )
        result = [
            {"metric": {"burnban": mark}, "values": [[float(form["end"]), number]]}
            for text, mark in parts
            if (number := value(text)) is not None
        ]
        answer = {"status": "success", "data": {"resultType": "matrix", "result": result}}
        conversation.answer(json.dumps(answer))

    return handler


def test_an_answer_that_drips_is_cut_at_the_total_deadline() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"

    def handler(conversation: Conversation) -> None:
        conversation.connection.sendall(head)
        conversation.drip(b" " * 1_000, 0.05)

    began = time.monotonic()
    assert fault_of(handler) == "models gave no full answer within 1 s"
    assert time.monotonic() - began < 4


def test_a_head_that_drips_is_cut_at_the_total_deadline() -> None:
    def handler(conversation: Conversation) -> None:
        conversation.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1_000, 0.05)

    began = time.monotonic()
    assert fault_of(handler) == "models gave no full answer within 1 s"
    assert time.monotonic() - began < 4


def test_a_server_that_says_nothing_is_given_up_once_for_all_objectives() -> None:
    def handler(conversation: Conversation) -> None:
        conversation.over.wait()

    with BadServer(handler) as server, source(server.url) as models:
        began = time.monotonic()
        readings = models.read([ask(service=f"s{n}") for n in range(500)])
        assert time.monotonic() - began < 4
    assert {r.fault for r in readings} == {"models gave no full answer within 1 s"}


def test_a_body_without_end_is_cut_at_the_size_cap() -> None:
    def handler(conversation: Conversation) -> None:
        conversation.connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while not conversation.over.is_set():
            conversation.connection.sendall(b" " * 65_536)

    assert fault_of(handler, max_bytes=100_000) == "models answered with more than 100,000 bytes"


def test_a_redirect_is_not_followed() -> None:
    with BadServer(saying("{}")) as elsewhere:

        def handler(conversation: Conversation) -> None:
            location = f"Location: {elsewhere.url}/login\r\nContent-Length: 0\r\n\r\n"
            conversation.connection.sendall(f"HTTP/1.1 302 Found\r\n{location}".encode())

        fault = fault_of(handler)
        assert fault.startswith(f"models redirects to {elsewhere.url}/login; ")
        assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("handler", "fault"),
    [
        (saying("oops", "500 Internal Server Error", "text/plain"), "models answered 500"),
        (saying("<html>", kind="text/html"), "models answered with text/html instead of the JSON"),
        (saying("<html>", "404 Not Found"), "models has no Prometheus API at this address (404)"),
        (saying("no", "401 Unauthorized"), "models refuses us (401); check its credentials"),
        (saying("[]"), "models answered with application/json instead of the JSON"),
        (saying("[" * 100_000), "models answered with application/json instead of the JSON"),
        (saying('{"status":"success"}'), "models answered with JSON that is not a Prometheus"),
        (
            saying('{"status":"error","error":"out of memory"}', "500 Internal Server Error"),
            "models answered 500: out of memory",
        ),
        (
            saying('{"status":"success","data":{"result":[]},"warnings":["no store matched"]}'),
            "models partial data: no store matched",
        ),
    ],
)
def test_an_answer_that_is_none_is_a_fault_that_says_what_came(
    handler: Handler, fault: str
) -> None:
    with BadServer(handler) as server, source(server.url) as models:
        (reading,) = models.read([ask()])
    assert reading.slices == ()
    assert reading.fault is not None
    assert reading.fault.startswith(fault)


def test_an_answer_to_another_question_is_a_fault() -> None:
    series = {"metric": {"burnban": "99"}, "values": [[NOON + 60, "1"]]}
    body = json.dumps({"status": "success", "data": {"result": [series]}})
    assert "does not fit the question" in _reading(saying(body)).fault


def _reading(handler: Handler, indicator: Indicator = ONE) -> Reading:
    with BadServer(handler) as server, source(server.url) as models:
        (reading,) = models.read([ask(indicator)])
        return reading


def test_nobody_there_is_a_fault_at_once() -> None:
    with BadServer(saying("{}")) as server:
        url = server.url
    with source(url) as models:
        (reading,) = models.read([ask()])
    assert reading.fault is not None
    assert reading.fault.startswith("models cannot be reached: ")


@pytest.mark.parametrize("number", ["NaN", "+Inf", "-Inf"])
def test_a_number_that_is_none_leaves_the_slice_unobserved(number: str) -> None:
    for indicator in (
        Threshold("max(a)", Op.LT, Fraction(1)),
        Ratio("sum(a)", bad="sum(b)", counter=False),
    ):
        reading = _reading(prometheus(lambda _: number), indicator)
        assert reading.fault is None
        assert [s.observed for s in reading.slices] == [0]


def test_several_values_where_one_is_needed_are_a_fault() -> None:
    def handler(conversation: Conversation) -> None:
        end = float(conversation.request.form.get("end", 0))
        result = [{"metric": {"burnban": "0", "pod": pod}, "values": [[end, "1"]]} for pod in "ab"]
        conversation.answer(json.dumps({"status": "success", "data": {"result": result}}))

    fault = _reading(handler, Threshold("a", Op.LT, Fraction(1))).fault
    assert fault is not None
    assert "answers with several series" in fault


def test_a_read_on_a_source_that_is_closed_ends_with_a_fault() -> None:
    asked = threading.Event()

    def handler(conversation: Conversation) -> None:
        asked.set()
        conversation.over.wait()

    with BadServer(handler) as server, source(server.url) as models:
        with ThreadPoolExecutor(1) as thread:
            reading = thread.submit(models.read, [ask()])
            assert asked.wait(5)
            models.close()
            assert reading.result(5)[0].fault is not None
        assert models.read([ask()])[0].fault == "models was closed meanwhile"


def test_one_broken_query_takes_nobody_else_down() -> None:
    well = prometheus(lambda _: "1")

    def handler(conversation: Conversation) -> None:
        if "broken" in conversation.request.form["query"]:
            error = {"status": "error", "error": "many-to-many matching"}
            conversation.answer(json.dumps(error), "422 Unprocessable Entity")
        else:
            well(conversation)

    names = [f"v{n}" for n in range(40)]
    names[17] = "broken"
    asks = [ask(Threshold(f"max({n})", Op.GT, Fraction(0)), service=n) for n in names]
    with BadServer(handler) as server, source(server.url) as models:
        readings = models.read(asks)
        faults = {r.objective: r.fault for r in readings if r.fault}
        assert faults == {"broken/availability": "models answered 422: many-to-many matching"}
        assert sum(s.eligible for r in readings for s in r.slices) == 39
        assert len(server.requests) <= 20


def test_a_server_that_refuses_everything_is_not_asked_a_thousand_times() -> None:
    body = json.dumps({"status": "error", "error": "bad_data"})
    with BadServer(saying(body, "400 Bad Request")) as server, source(server.url) as models:
        readings = models.read([ask(Ratio(f"a{n}", bad=f"b{n}")) for n in range(1_000)])
        assert all(r.fault == "models answered 400: bad_data" for r in readings)
        assert len(server.requests) <= 100


def test_too_much_at_once_is_asked_for_in_parts() -> None:
    well = prometheus(lambda _: "1")

    def handler(conversation: Conversation) -> None:
        if conversation.request.form["query"].count("label_replace") > 3:
            error = {"status": "error", "error": "query processing would load too many samples"}
            conversation.answer(json.dumps(error), "422 Unprocessable Entity")
        else:
            well(conversation)

    asks = [ask(Threshold(f"max(v{n})", Op.GT, Fraction(0)), service=f"v{n}") for n in range(10)]
    with BadServer(handler) as server, source(server.url) as models:
        assert [r.fault for r in models.read(asks)] == [None] * 10


def test_credentials_and_tenant_travel_in_headers_of_a_post(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    headers = {"X-Scope-OrgID": "ml", "Authorization": "Bearer not-a-secret"}
    handler = prometheus(lambda _: None)
    with BadServer(handler) as server, source(server.url, headers=headers) as models:
        (reading,) = models.read([ask()])
    assert reading.fault is None
    asked = server.requests[-1]
    assert (asked.method, asked.path) == ("POST", "/api/v1/query_range")
    assert asked.headers["x-scope-orgid"] == "ml"
    assert asked.headers["authorization"] == "Bearer not-a-secret"
    assert "not-a-secret" not in str(asked.form)


def test_refused_credentials_are_not_repeated_in_the_fault() -> None:
    handler = saying("no", "403 Forbidden")
    assert fault_of(handler) == "models refuses us (403); check its credentials"


def test_a_server_without_a_version_is_well_if_it_answers_queries() -> None:
    def handler(conversation: Conversation) -> None:
        if "buildinfo" in conversation.request.path:
            conversation.answer("404 page not found", "404 Not Found", "text/plain")
        else:
            result = [{"metric": {}, "value": [0, "1"]}]
            conversation.answer(json.dumps({"status": "success", "data": {"result": result}}))

    with BadServer(handler) as server, source(server.url) as models:
        assert models.check() == "models: answers queries"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if which("openssl") is None:
        pytest.skip("needs openssl: apt-get install openssl")
    path = tmp_path_factory.mktemp("tls") / "own.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=own", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


def test_an_unknown_certificate_is_refused_and_an_own_authority_accepted(
    certificate: Path,
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with BadServer(prometheus(lambda _: None), tls) as server:
        with source(server.url) as models:
            (refused,) = models.read([ask()])
        with source(server.url, ca_file=str(certificate.with_suffix(".crt"))) as models:
            (accepted,) = models.read([ask()])
    assert refused.fault is not None
    assert "CERTIFICATE_VERIFY_FAILED" in refused.fault
    assert accepted.fault is None
