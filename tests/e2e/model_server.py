"""A small model in a server: it answers requests, may be told to fail, and counts what it did."""

import threading
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import httpx


class ModelServer:
    """`POST /predict` is answered with 200, or with 500 while `failing`; `/metrics` tells the
    counts in Prometheus's text. While the `with` lasts, somebody asks it all the time."""

    def __init__(self, *, rate: float = 60.0) -> None:
        """`rate`: requests a second that come by themselves."""
        self.failing = False
        self._told: list[dict[str, int]] = []
        self._rate = rate
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._end = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.05,)),
            threading.Thread(target=self._visit),
        ]

    @property
    def target(self) -> str:
        """Host and port, as a scrape configuration names it."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def scrape_config(self) -> str:
        """A Prometheus configuration that looks once a second."""
        return (
            "global: {scrape_interval: 1s, scrape_timeout: 900ms}\n"
            "scrape_configs:\n"
            "  - job_name: model\n"
            f"    static_configs: [{{targets: ['{self.target}']}}]\n"
        )

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()

    def predict(self) -> int:
        """Handle one request; the code of its answer."""
        code = 500 if self.failing else 200
        with self._lock:
            self._counts[str(code)] += 1
        return code

    def metrics(self) -> str:
        """What a scrape is told; remembered."""
        with self._lock:
            told = dict(self._counts)
            self._told.append(told)
        lines = [f'model_requests_total{{code="{c}"}} {n}' for c, n in sorted(told.items())]
        return "\n".join(["# TYPE model_requests_total counter", *lines, ""])

    def told(self) -> list[dict[str, int]]:
        """The counts that each scrape so far was told."""
        with self._lock:
            return list(self._told)

    def _visit(self) -> None:
        """The people who use the model."""
        while not self._end.wait(1 / self._rate):
            self.predict()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200, model.metrics() if self.path == "/metrics" else "ok\n")

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                self._answer(model.predict(), "{}")

            def _answer(self, code: int, text: str) -> None:
                body = text.encode()
                self.send_response(code)
                self.send_header("content-type", "text/plain; version=0.0.4")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing: the test asks for the counts, not for lines."""

        return Handler


@dataclass(frozen=True)
class Stored:
    """One scrape as Prometheus keeps it: its time stamp, and the counts by code."""

    at: float
    counts: dict[str, float]

    @property
    def total(self) -> float:
        """All requests."""
        return sum(self.counts.values())

    @property
    def bad(self) -> float:
        """Those answered with 5xx."""
        return sum(n for code, n in self.counts.items() if code.startswith("5"))


def stored(prometheus: str, span: str = "2h") -> list[Stored]:
    """Everything that a Prometheus has stored of the model's counter, sample by sample."""
    asked = {"query": f"model_requests_total[{span}]"}
    answer = httpx.get(f"{prometheus}/api/v1/query", params=asked, trust_env=False).json()
    rows: dict[float, dict[str, float]] = {}
    for series in answer["data"]["result"]:
        for at, value in series["values"]:
            rows.setdefault(at, {})[series["metric"]["code"]] = float(value)
    return [Stored(at, counts) for at, counts in sorted(rows.items())]
