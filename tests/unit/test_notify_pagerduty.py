"""PagerDuty, as it speaks on the wire: who is on call, and what its refusals and silences mean."""

import time
from collections.abc import Callable

import pytest

from bot.decide.catalog import PagerSpec
from bot.decide.people import Rota, RotaKind
from bot.errors import ConfigError, DeliveryError, Fault, RateLimited, Refused, Unclear, Unreachable
from bot.notify.exchange import LARGEST
from bot.notify.pagerduty import Contact, PagerDuty
from tests.httpserver import BadServer, Conversation
from tests.pagerduty import KEY, OnCall, Pager, status
from tests.ports import free_port

TIMEOUT = 1.0
SCHEDULE = Rota(RotaKind.SCHEDULE, "PSCHED1", "main")
POLICY = Rota(RotaKind.ESCALATION, "PESC1", "main")
JONAS = OnCall("PUSER1", "jonas@example.com", "PSCHED1")
AYLIN = OnCall("PUSER2", "aylin@example.com", "", level=2)
OTHER = OnCall("PUSER3", "priya@example.com", "PSCHED2", "PESC2")


def account(url: str, key: str = KEY) -> PagerDuty:
    return PagerDuty(PagerSpec("main", url, "PD_KEY"), lambda _: key, timeout=TIMEOUT)


def asked(pager: Pager, rota: Rota = SCHEDULE) -> tuple[Contact, ...]:
    with BadServer(pager) as server:
        return account(server.url).on_call(rota)


def outcome(*instead: Callable[[Conversation], None]) -> DeliveryError:
    pager = Pager([JONAS], instead=list(instead))
    with BadServer(pager) as server, pytest.raises(DeliveryError) as error:
        account(server.url).on_call(SCHEDULE)
    assert KEY not in str(error.value)
    assert KEY[-4:] not in str(error.value)
    return error.value


def test_who_is_on_call_by_a_schedule_is_found() -> None:
    with BadServer(Pager([JONAS, AYLIN, OTHER])) as server:
        found = account(server.url).on_call(SCHEDULE)
    assert found == (Contact("Name of PUSER1", "jonas@example.com"),)
    (request,) = server.requests
    assert request.method == "GET"
    assert request.path.startswith("/oncalls?schedule_ids%5B%5D=PSCHED1&include%5B%5D=users&")
    assert request.headers["authorization"] == f"Token token={KEY}"
    assert request.headers["accept"] == "application/vnd.pagerduty+json;version=2"


def test_by_an_escalation_policy_all_its_levels_are_on_call() -> None:
    emails = [one.email for one in asked(Pager([JONAS, AYLIN, OTHER]), POLICY)]
    assert emails == ["jonas@example.com", "aylin@example.com"]


def test_nobody_on_call_is_nobody() -> None:
    assert asked(Pager([OTHER])) == ()


def test_somebody_on_call_twice_is_one_person() -> None:
    assert len(asked(Pager([JONAS, JONAS]))) == 1


def test_all_pages_are_read() -> None:
    many = [OnCall(f"PUSER{n}", f"{n}@example.com", "PSCHED1") for n in range(7)]
    with BadServer(Pager(many, page=3)) as server:
        found = account(server.url).on_call(SCHEDULE)
    assert [one.email for one in found] == [one.email for one in many]
    assert [request.path.rsplit("=", 1)[1] for request in server.requests] == ["0", "3", "6"]


def test_of_users_given_as_references_the_address_is_asked_for() -> None:
    assert asked(Pager([JONAS], bare=True)) == (Contact("Name of PUSER1", "jonas@example.com"),)


def test_a_server_that_overlooks_the_filter_puts_nobody_else_on_call() -> None:
    assert [one.email for one in asked(Pager([JONAS, OTHER], deaf=True))] == ["jonas@example.com"]


def test_a_key_that_is_not_known_is_refused_without_repeating_it() -> None:
    with BadServer(Pager([JONAS])) as server, pytest.raises(Refused) as refused:
        account(server.url, "another-key").on_call(SCHEDULE)
    assert refused.value.code == "unauthorized"
    assert "-key" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("line", "code"),
    [("403 Forbidden", "forbidden"), ("404 Not Found", "not_found"), ("402 Pay", "http_402")],
)
def test_other_refusals_have_their_word(line: str, code: str) -> None:
    refused = outcome(status(line, '{"error": {"message": "no"}}'))
    assert isinstance(refused, Refused)
    assert refused.code == code


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("ratelimit-reset: 12", 12.0), ("ratelimit-reset: soon", 60.0), ("x-none: 1", 60.0)],
)
def test_a_429_is_not_waited_out_but_told(header: str, seconds: float) -> None:
    began = time.monotonic()
    limited = outcome(status("429 Too Many Requests", "{}", header))
    assert isinstance(limited, RateLimited)
    assert limited.retry_after == seconds
    assert time.monotonic() - began < TIMEOUT


def hang_up(talk: Conversation) -> None:
    talk.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{")
    talk.connection.close()


@pytest.mark.parametrize("fault", [status("503 Unavailable", "down"), hang_up])
def test_one_fault_of_the_server_is_asked_over(fault: Callable[[Conversation], None]) -> None:
    assert len(asked(Pager([JONAS], instead=[fault]))) == 1


@pytest.mark.parametrize(
    "fault",
    [
        status("500 Internal Server Error", "down"),
        status("503 Service Unavailable", "{}"),
        status("302 Found", "", "Location: http://127.0.0.1:1/"),
        status("200 OK", "<html>a proxy's page</html>"),
        status("200 OK", "[]"),
        status("200 OK", '"ok"'),
        status("200 OK", ""),
        status("200 OK", "{}"),
        status("200 OK", '{"oncalls": 1}'),
        status("200 OK", '{"oncalls": [1]}'),
        status("200 OK", "[" * 100_000),
        status("200 OK", "\x1f\x8b zipped", "Content-Encoding: gzip"),
    ],
)
def test_what_is_no_answer_is_unclear(fault: Callable[[Conversation], None]) -> None:
    assert type(outcome(fault, fault)) is Unclear


def test_rows_without_what_they_should_have_name_nobody() -> None:
    body = (
        '{"oncalls": [{}, {"schedule": null, "user": 1}, {"schedule": "PSCHED1"}], "more": "yes"}'
    )
    assert asked(Pager(instead=[status("200 OK", body)])) == ()


def test_a_server_with_more_and_more_pages_is_given_up() -> None:
    page = '{"oncalls": [{"schedule": {"id": "PSCHED1"}, "user": {"email": "a@b"}}], "more": true}'
    assert "pages" in str(outcome(*[status("200 OK", page)] * 20))


def test_a_server_that_promises_more_and_gives_nothing_is_done() -> None:
    assert asked(Pager(instead=[status("200 OK", '{"oncalls": [], "more": true}')])) == ()


def drip(talk: Conversation) -> None:
    talk.drip(b"HTTP/1.1 200 OK\r\nx: " + b"x" * 1_000, 0.05)


def drip_body(talk: Conversation) -> None:
    talk.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    talk.drip(b" " * 1_000, 0.05)


def silence(talk: Conversation) -> None:
    talk.over.wait()


@pytest.mark.parametrize("fault", [drip, drip_body, silence])
def test_an_answer_that_does_not_come_is_given_up_in_time(
    fault: Callable[[Conversation], None],
) -> None:
    began = time.monotonic()
    error = outcome(fault, fault)
    assert type(error) is Unclear
    assert "within 1 s" in str(error)
    assert time.monotonic() - began < 2 * TIMEOUT


def test_the_pages_share_one_deadline() -> None:
    def slow(talk: Conversation) -> None:
        talk.over.wait(0.4)
        row = '{"schedule": {"id": "PSCHED1"}, "user": {"email": "a@b"}}'
        status("200 OK", f'{{"oncalls": [{row}], "more": true}}')(talk)

    began = time.monotonic()
    assert "within 1 s" in str(outcome(*[slow] * 10))
    assert time.monotonic() - began < 2 * TIMEOUT


def test_an_answer_without_end_is_given_up() -> None:
    def endless(talk: Conversation) -> None:
        talk.connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(LARGEST // 100_000 + 10):
            talk.connection.sendall(b" " * 100_000)

    assert isinstance(outcome(endless, endless), DeliveryError)


def test_where_nobody_listens_it_cannot_be_reached() -> None:
    with pytest.raises(Unreachable):
        account(f"http://127.0.0.1:{free_port()}").on_call(SCHEDULE)


def test_a_key_that_is_not_set_is_a_refusal_that_names_the_variable() -> None:
    def unset(name: str) -> str:
        raise ConfigError([Fault(name, "", "is not set.")])

    pager = PagerDuty(PagerSpec("main", "http://127.0.0.1:1", "PD_KEY"), unset)
    with pytest.raises(Refused, match="PD_KEY is not set"):
        pager.check()


def test_a_schedule_or_policy_is_known_by_its_name() -> None:
    with BadServer(Pager()) as server:
        pager = account(server.url)
        pager.check()
        assert pager.name_of(SCHEDULE) == "Ranker on call"
        assert pager.name_of(POLICY) == "Ranker escalation"
        with pytest.raises(Refused) as refused:
            pager.name_of(Rota(RotaKind.SCHEDULE, "PNONE", "main"))
    assert refused.value.code == "not_found"
