"""A web server that behaves as badly as a test wants: its handler writes the bytes itself."""

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Request:
    """What was asked."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]
    body: str


@dataclass
class Conversation:
    """One request and the open connection to answer it on."""

    request: Request
    connection: socket.socket
    over: threading.Event
    """Set when the server stops: nobody waits any longer."""

    def answer(self, body: str, status: str = "200 OK", kind: str = "application/json") -> None:
        """A whole answer."""
        data = body.encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n"
        self.connection.sendall(head.encode() + data)

    def drip(self, data: bytes, pause: float) -> None:
        """A byte at a time, until the other side gives up."""
        for byte in data:
            try:
                self.connection.sendall(bytes([byte]))
            except OSError:
                return
            if self.over.wait(pause):
                return


Handler = Callable[[Conversation], None]


@dataclass
class BadServer:
    """Serves on a free port of this machine, one thread a connection."""

    handler: Handler
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    """All that was asked."""

    def __enter__(self) -> Self:
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        scheme = "https" if self.tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(0.2)
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            while not self._over.is_set():
                request = _read(connection, self._over)
                if request is None:
                    return
                self.requests.append(request)
                self.handler(Conversation(request, connection, self._over))
        except OSError:
            return  # the other side went away, as it may
        finally:
            connection.close()


def _read(connection: socket.socket, over: threading.Event) -> Request | None:
    data = b""
    while not (request := _parsed(data)):
        try:
            more = connection.recv(65_536)
        except TimeoutError:
            if over.is_set():
                return None
            continue
        if not more:
            return None
        data += more
    return request


def _parsed(data: bytes) -> Request | None:
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return None
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    if len(body) < int(headers.get("content-length", 0)):
        return None
    method, path, _ = first.split(" ")
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return Request(method, path, headers, form, body.decode())
