"""A query that takes too long harms itself alone, and is not asked at every poll."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import pytest

from bot.clock import monotonic
from bot.judge.indicator import Op, Ratio, Threshold
from bot.judge.thinning import Stretch
from bot.measure.api import Connection
from bot.measure.prometheus import Habits, PrometheusSource
from bot.measure.selector import Selector
from bot.measure.suspects import FIRST_REST, LONGEST_REST, Suspects
from bot.ports import Ask
from tests.builders import NOON, objective
from tests.httpserver import BadServer, Conversation

HEAVY = ("heavy", "weighty")
MARKED = re.compile(r'label_replace\((.*?), "burnban", "(\d+)", "", ""\)', re.S)


@dataclass
class Timer:
    """The real clock, put forward."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return monotonic() + self.ahead


@dataclass
class Server:
    """A Prometheus that has a value for everything, but answers in its own way if a query is
    heavy."""

    overwhelmed: Callable[[Conversation], None]
    asked: list[str] = field(default_factory=list)
    ill: bool = True

    def __call__(self, conversation: Conversation) -> None:
        form = conversation.request.form
        query = form["query"]
        self.asked.append(query)
        if self.ill and any(name in query for name in HEAVY):
            self.overwhelmed(conversation)
            return
        result: list[dict[str, object]] = []
        for text, mark in MARKED.findall(query):
            names = re.findall(r"model-\d+|heavy|weighty", text)
            labels: list[dict[str, str]] = [{"service": name} for name in names]
            labels = labels if " by (service)" in text else [{}]
            values = [] if "resets" in text or "unless" in text else [[float(form["end"]), "1"]]
            result += [{"metric": {"burnban": mark, **one}, "values": values} for one in labels]
        body = {"status": "success", "data": {"result": [one for one in result if one["values"]]}}
        conversation.answer(json.dumps(body))

    def times(self, name: str) -> int:
        return sum(name in query for query in self.asked)


def says_so(conversation: Conversation) -> None:
    error = {"status": "error", "error": "query timed out in expression evaluation"}
    conversation.answer(json.dumps(error), "503 Service Unavailable")


def says_nothing(conversation: Conversation) -> None:
    conversation.over.wait(5)


def thresholds(count: int) -> list[Ask]:
    names = [f"model-{n}" for n in range(count)] + list(HEAVY[:1])
    made = [(n, Threshold(f"max({n.replace('-', '_')})", Op.GT, Fraction(0))) for n in names]
    return [asked(name, one) for name, one in made]


def counted(count: int) -> list[Ask]:
    names = [f"model-{n}" for n in range(count)] + list(HEAVY)
    return [
        asked(n, Ratio(f'a_total{{service="{n}"}}', bad=f'b_total{{service="{n}"}}')) for n in names
    ]


def asked(name: str, indicator: Threshold | Ratio) -> Ask:
    return Ask(objective(name, indicator=indicator), Stretch(NOON, NOON + 60, 60), NOON)


def blind(source: PrometheusSource, asks: list[Ask]) -> dict[str, str]:
    readings = source.read(asks)
    return {r.objective.split("/")[0]: r.fault for r in readings if r.fault}


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture(params=[says_so, says_nothing])
def server(request: pytest.FixtureRequest) -> Server:
    return Server(request.param)


@pytest.fixture
def source(server: Server, timer: Timer) -> Iterator[PrometheusSource]:
    with BadServer(server) as running:
        connection = Connection(running.url, timeout=0.4)
        made = PrometheusSource("models", connection, Habits(total_timeout=30), timer)
        yield made
        made.close()


@pytest.mark.parametrize("asks", [thresholds(40), counted(40)], ids=["values", "counters"])
def test_neighbours_of_a_slow_query_have_their_answer_in_the_same_poll(
    source: PrometheusSource, server: Server, timer: Timer, asks: list[Ask]
) -> None:
    names = {ask.objective.service for ask in asks} & set(HEAVY)
    assert blind(source, asks).keys() == names

    before = server.times("heavy")
    assert blind(source, asks).keys() == names
    assert server.times("heavy") == before  # it rests, and the first answer needed no dividing
    assert source.requests <= 2

    timer.ahead += FIRST_REST + 1
    faults = blind(source, asks)
    assert faults.keys() == names
    assert "model-1" not in next(query for query in reversed(server.asked) if "heavy" in query)

    server.ill = False
    timer.ahead += 2 * FIRST_REST + 1
    assert blind(source, asks) == {}
    timer.ahead += 60
    assert blind(source, asks) == {}
    assert source.requests <= 2  # together with the others again


def test_a_refused_query_is_asked_apart_from_then_on(timer: Timer) -> None:
    def refuses(conversation: Conversation) -> None:
        error = {"status": "error", "error": "many-to-many matching"}
        conversation.answer(json.dumps(error), "422 Unprocessable Entity")

    server = Server(refuses)
    with BadServer(server) as running:
        models = PrometheusSource("models", Connection(running.url), Habits(), timer)
        fault = {"heavy": "models answered 422: many-to-many matching"}
        for _ in range(3):
            assert blind(models, thresholds(40)) == fault
        assert models.requests == 2
        server.ill = False
        assert blind(models, thresholds(40)) == {}
        models.close()


def test_a_server_that_falls_silent_is_given_up_for_all(timer: Timer) -> None:
    silent = False

    def handler(conversation: Conversation) -> None:
        if silent:
            conversation.over.wait(5)
        else:
            Server(says_so, ill=False)(conversation)

    with BadServer(handler) as running:
        connection = Connection(running.url, timeout=0.4)
        models = PrometheusSource("models", connection, Habits(), timer)
        assert blind(models, thresholds(400)) == {}
        silent = True
        began = monotonic()
        faults = blind(models, thresholds(400))
        assert monotonic() - began < 4
        assert set(faults.values()) == {"models gave no full answer within 0.4 s"}
        assert len(faults) == 401
        silent = False
        assert blind(models, thresholds(400)) == {}
        models.close()


def test_a_poll_that_ran_out_of_time_says_so(timer: Timer) -> None:
    def handler(conversation: Conversation) -> None:
        if "burnban" in conversation.request.form["query"]:
            timer.ahead += 61
        Server(says_so, ill=False)(conversation)

    with BadServer(handler) as running:
        models = PrometheusSource("models", Connection(running.url), Habits(), timer)
        faults = set(blind(models, thresholds(400)).values())
        models.close()
    assert "models had no time left for this: one read has 60 s in all" in faults
    assert not any("reached" in fault for fault in faults)


def test_a_suspect_rests_twice_as_long_each_time() -> None:
    now = 0.0
    suspects = Suspects(lambda: now)
    rests = []
    for _ in range(9):
        suspects.slow(Selector("a"))
        began = now
        while suspects.rests(Selector("a")):
            now += 1
        rests.append(now - began)
    assert rests == [min(LONGEST_REST, FIRST_REST * 2**n) for n in range(9)]


def test_those_who_were_not_told_apart_are_asked_together_and_the_longest_waiting_first() -> None:
    now = 0.0
    suspects = Suspects(lambda: now)
    suspects.slow("c")
    suspects.unresolved(["a", "b"])
    assert suspects.groups("abcd") == [frozenset("ab"), frozenset("c")]
    assert not suspects.rests("a")
    suspects.clear("ab")
    now = 10.0
    suspects.refused("d")
    assert suspects.groups("abcd") == [frozenset("d"), frozenset("c")]
