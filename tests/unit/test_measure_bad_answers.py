"""An answer that is none gives a fault or an unobserved slice, never a number."""

import json
from fractions import Fraction

import pytest

from bot.judge.indicator import Op, Ratio, Threshold
from tests.builders import NOON
from tests.httpserver import BadServer, Conversation, Handler
from tests.unit.asking import ask, prometheus, reading_of, saying, source


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
    assert "does not fit the question" in reading_of(saying(body)).fault


@pytest.mark.parametrize("number", ["NaN", "+Inf", "-Inf"])
def test_a_number_that_is_none_leaves_the_slice_unobserved(number: str) -> None:
    for indicator in (
        Threshold("max(a)", Op.LT, Fraction(1)),
        Ratio("sum(a)", bad="sum(b)", counter=False),
    ):
        reading = reading_of(prometheus(lambda _: number), indicator)
        assert reading.fault is None
        assert [s.observed for s in reading.slices] == [0]


def test_several_values_where_one_is_needed_are_a_fault() -> None:
    def handler(conversation: Conversation) -> None:
        end = float(conversation.request.form.get("end", 0))
        result = [{"metric": {"burnban": "0", "pod": pod}, "values": [[end, "1"]]} for pod in "ab"]
        conversation.answer(json.dumps({"status": "success", "data": {"result": result}}))

    fault = reading_of(handler, Threshold("a", Op.LT, Fraction(1))).fault
    assert fault is not None
    assert "answers with several series" in fault


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


def test_a_server_without_a_version_is_well_if_it_answers_queries() -> None:
    def handler(conversation: Conversation) -> None:
        if "buildinfo" in conversation.request.path:
            conversation.answer("404 page not found", "404 Not Found", "text/plain")
        else:
            result = [{"metric": {}, "value": [0, "1"]}]
            conversation.answer(json.dumps({"status": "success", "data": {"result": result}}))

    with BadServer(handler) as server, source(server.url) as models:
        assert models.check() == "models: answers queries"
