"""The port with TLS: an API server's request over it, renewed certificates, faults in the files."""

import datetime as dt
import socket
import ssl
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from fastapi import FastAPI

from bot.config import Settings
from bot.errors import ConfigError
from bot.wiring import tls
from bot.wiring.serve import listen, listening
from bot.wiring.tls import check, secured
from tests.certificates import write
from tests.ports import free_port


def settings(cert: Path | None, key: Path | None, **more: object) -> Settings:
    return Settings.model_validate({"BURNBAN_TLS_CERT": cert, "BURNBAN_TLS_KEY": key, **more})


def application() -> FastAPI:
    web = FastAPI()
    web.get("/healthz")(lambda: {"ok": True})
    return web


def serial_of(port: int) -> int:
    """Of the certificate that a new connection is shown."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as line,
        context.wrap_socket(line) as shown,
    ):
        raw = shown.getpeercert(binary_form=True)
    assert raw is not None
    return x509.load_der_x509_certificate(raw).serial_number


def test_it_is_served_with_tls_and_takes_a_renewed_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "LOOK", 1)
    cert, key = write(tmp_path, 1)
    with (
        listen(free_port(), "127.0.0.1") as door,
        secured(settings(cert, key), application(), door),
    ):
        port = door.getsockname()[1]
        context = ssl.create_default_context(cafile=str(cert))
        url = f"https://localhost:{port}/healthz"
        assert httpx.get(url, verify=context, trust_env=False).json() == {"ok": True}
        assert serial_of(port) == 1
        cert.write_text("half a file")
        write(tmp_path, 2)
        end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20)
        while serial_of(port) != 2:
            assert dt.datetime.now(dt.UTC) < end


def test_with_an_authority_only_its_clients_are_let_in(tmp_path: Path) -> None:
    cert, key = write(tmp_path, 1)
    mine, mine_key = write(tmp_path, 3, "client")
    given = settings(cert, key, BURNBAN_TLS_CLIENT_CA=mine)
    with listen(free_port(), "127.0.0.1") as door, secured(given, application(), door):
        url = f"https://localhost:{door.getsockname()[1]}/healthz"
        bare = ssl.create_default_context(cafile=str(cert))
        with pytest.raises(httpx.TransportError):
            httpx.get(url, verify=bare, trust_env=False)
        known = ssl.create_default_context(cafile=str(cert))
        known.load_cert_chain(mine, mine_key)
        assert httpx.get(url, verify=known, trust_env=False).status_code == 200


def test_without_a_certificate_there_is_no_such_port() -> None:
    given = settings(None, None, PORT=free_port())
    with listening(given) as ports, secured(given, application(), ports.secure):
        assert ports.secure is None


def test_faults_in_the_settings_are_told_by_name(tmp_path: Path) -> None:
    cert, key = write(tmp_path, 1)
    _, other = write(tmp_path, 2, "other")
    with pytest.raises(ConfigError, match="BURNBAN_TLS_KEY"):
        check(settings(cert, None))
    with pytest.raises(ConfigError, match="BURNBAN_TLS_CERT"):
        check(settings(None, key))
    with pytest.raises(ConfigError, match="BURNBAN_TLS_CERT: cannot be used"):
        check(settings(cert, other))
    with pytest.raises(ConfigError, match="BURNBAN_TLS_CERT: cannot be used"):
        check(settings(tmp_path / "none", key))
    with pytest.raises(ConfigError, match="BURNBAN_TLS_CLIENT_CA: cannot be used"):
        check(settings(cert, key, BURNBAN_TLS_CLIENT_CA=tmp_path / "none"))
    check(settings(cert, key, BURNBAN_TLS_CLIENT_CA=cert))
    check(settings(None, None))


def test_both_ports_are_taken_before_anything_is_served(tmp_path: Path) -> None:
    cert, key = write(tmp_path, 1)
    with listen(free_port()) as taken:
        port = taken.getsockname()[1]
        given = settings(cert, key, PORT=free_port(), BURNBAN_TLS_PORT=port)
        with pytest.raises(ConfigError, match="BURNBAN_TLS_PORT"), listening(given):
            raise AssertionError("it listens")
    given = settings(cert, key, PORT=free_port(), BURNBAN_TLS_PORT=free_port())
    with listening(given) as ports:
        assert ports.secure is not None
