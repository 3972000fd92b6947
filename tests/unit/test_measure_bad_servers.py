"""A server that misbehaves costs a bounded time and gives a fault, never a number."""

import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import which

import pytest

from tests.httpserver import BadServer, Conversation
from tests.unit.asking import ask, fault_of, prometheus, saying, source


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


def test_nobody_there_is_a_fault_at_once() -> None:
    with BadServer(saying("{}")) as server:
        url = server.url
    with source(url) as models:
        (reading,) = models.read([ask()])
    assert reading.fault is not None
    assert reading.fault == (
        f"models does not answer at {url} (connection refused). "
        "Is it running, and may this machine reach it?"
    )


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
