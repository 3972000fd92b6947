"""A metrics page for a real Prometheus to scrape, with the times of the samples on it."""

import struct
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

PROTOBUF = (
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
)
TEXT = "text/plain; version=0.0.4"


class Exporter:
    """Serves one page after the other, the last one from then on; remembers how many it served."""

    def __init__(self, pages: Sequence[bytes], content_type: str = TEXT) -> None:
        self._served = 0
        self._change = threading.Condition()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler) -> None:  # noqa: N805 - self is the exporter
                body = self._next(pages)
                handler.send_response(200)
                handler.send_header("Content-Type", content_type)
                handler.end_headers()
                handler.wfile.write(body)

            def log_message(handler, format: str, *args: object) -> None:  # noqa: N805
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def scrape_config(self) -> str:
        """For a Prometheus that is to scrape it ten times a second."""
        return (
            "global: {scrape_interval: 100ms, scrape_timeout: 100ms}\n"
            "scrape_configs:\n"
            "- job_name: models\n"
            f"  static_configs: [{{targets: ['127.0.0.1:{self.port}']}}]\n"
        )

    def wait(self, pages: int, patience: float = 30.0) -> None:
        """Until so many were asked for: the one before that is stored then."""
        with self._change:
            assert self._change.wait_for(lambda: self._served >= pages, patience)

    def _next(self, pages: Sequence[bytes]) -> bytes:
        with self._change:
            page = pages[min(self._served, len(pages) - 1)]
            self._served += 1
            self._change.notify_all()
        return page


def native(name: str, at: int, schema: int, buckets: Mapping[int, int]) -> bytes:
    """A native histogram in protobuf: observations by index of their bucket (the one with index i
    ends at 2^(i·2^-schema)), `at` in milliseconds."""
    spans: list[list[int]] = []
    deltas, before, last = b"", 0, None
    for index, count in sorted(buckets.items()):
        if last is not None and index == last + 1:
            spans[-1][1] += 1
        else:
            spans.append([index if last is None else index - last - 1, 1])
        deltas += _zigzag(count - before)
        before, last = count, index
    body = _number(1, sum(buckets.values())) + _double(2, 1.0)
    body += _field(5, 0, _zigzag(schema)) + _double(6, 1e-9) + _number(7, 0)
    for offset, length in spans:
        body += _bytes(12, _field(1, 0, _zigzag(offset)) + _number(2, length))
    body += _bytes(13, deltas)
    label = _bytes(1, _bytes(1, b"model") + _bytes(2, b"ranker"))
    metric = label + _bytes(7, body) + _number(6, at)
    family = _bytes(1, name.encode()) + _number(3, 4) + _bytes(4, metric)
    return _varint(len(family)) + family


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def _zigzag(number: int) -> bytes:
    return _varint(2 * number if number >= 0 else -2 * number - 1)


def _field(tag: int, wire: int, body: bytes) -> bytes:
    return _varint(tag << 3 | wire) + body


def _number(tag: int, number: int) -> bytes:
    return _field(tag, 0, _varint(number))


def _double(tag: int, number: float) -> bytes:
    return _field(tag, 1, struct.pack("<d", number))


def _bytes(tag: int, body: bytes) -> bytes:
    return _field(tag, 2, _varint(len(body)) + body)
