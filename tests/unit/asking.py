"""A source that asks a server which misbehaves, and what such a server says."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.errors import SourceError
from bot.judge.indicator import Indicator, Ratio
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


def reading_of(handler: Handler, indicator: Indicator = ONE) -> Reading:
    with BadServer(handler) as server, source(server.url) as models:
        (reading,) = models.read([ask(indicator)])
        return reading
