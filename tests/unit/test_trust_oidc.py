"""Identities of CI runs: whose are believed, and for how long. The issuer is a real one, here."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bot.decide.caller import Rights
from bot.decide.catalog import Catalog
from bot.decide.pipeline import Pipeline, PipelineRule, System
from bot.errors import Undecidable, Unidentified
from bot.trust.keys import AGAIN, IssuerKeys, fetch_keys
from bot.trust.oidc import SKEW, OidcIssuers
from tests.fakes import FakeClock
from tests.httpserver import BadServer, Conversation
from tests.issuer import Issuer, issuing, rsa_key

RULE = PipelineRule("acme/ranker", Rights.of(["gate:decide:ranker"]))


@dataclass
class House:
    """Who believes, and whom."""

    issuer: Issuer
    clock: FakeClock
    issuers: OidcIssuers

    def claims(self, **how: object) -> tuple[str, object]:
        word = self.issuer.identity(self.clock.now().timestamp(), **how)  # type: ignore[arg-type]
        return self.issuers.claims(word)


@pytest.fixture
def house() -> Iterator[House]:
    with issuing() as issuer:
        pipeline = Pipeline("ci", System.GITHUB, issuer.url, "burnban", (RULE,))
        clock = FakeClock()
        catalog = Catalog(pipelines={"ci": pipeline})
        monotonic = lambda: clock.now().timestamp()  # noqa: E731 - a clock
        yield House(issuer, clock, OidcIssuers(lambda: catalog, clock.now, monotonic))


def test_an_identity_of_a_known_issuer_is_believed(house: House) -> None:
    name, claims = house.claims()
    assert name == "ci"
    assert isinstance(claims, dict)
    assert claims["repository"] == "acme/ranker"


def test_keys_are_asked_for_once_and_again_when_they_are_old(house: House) -> None:
    for _ in range(5):
        house.claims()
    assert len(house.issuer.asked) == 2
    house.clock.advance(901)
    house.claims()
    assert len(house.issuer.asked) == 4


def test_a_new_key_is_found_and_an_unknown_one_is_not_asked_for_at_will(house: House) -> None:
    house.claims()
    fresh = rsa_key()
    house.issuer.publish("k2", fresh)
    house.clock.advance(31)
    house.claims(key=fresh, kid="k2")
    asked = len(house.issuer.asked)
    for _ in range(5):
        with pytest.raises(Unidentified, match="no such key"):
            house.claims(kid="k9")
    assert len(house.issuer.asked) == asked


def test_a_signature_by_somebody_else_is_none(house: House) -> None:
    with pytest.raises(Unidentified, match="does not hold"):
        house.claims(key=rsa_key())


def test_elliptic_keys_count_too(house: House) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    house.issuer.publish("e1", key)
    assert house.claims(alg="ES256", key=key, kid="e1")[0] == "ci"


def test_no_signature_and_one_with_a_public_key_as_secret_are_none(house: House) -> None:
    now = house.clock.now().timestamp()
    for alg, key in (("none", None), ("HS256", "k" * 64), ("RS384", house.issuer.key)):
        word = jwt.encode(
            {"iss": house.issuer.url, "aud": "burnban", "sub": "x", "iat": now, "exp": now + 9},
            key,
            alg,
            headers={"kid": "k1"},
        )
        with pytest.raises(Unidentified):
            house.issuers.claims(word)


def test_an_identity_for_another_audience_or_of_another_issuer_is_refused(house: House) -> None:
    with pytest.raises(Unidentified, match="audience is burnban"):
        house.claims(aud="somebody-else")
    assert house.claims(aud=["burnban", "other"])[0] == "ci"
    with pytest.raises(Unidentified, match="No Pipeline"):
        house.claims(iss="https://evil.example")
    assert "https://evil.example" not in str(house.issuer.asked)


def test_clocks_may_differ_by_five_minutes_and_no_more(house: House) -> None:
    now = int(house.clock.now().timestamp())
    assert house.claims(exp=now - SKEW + 1)
    with pytest.raises(Unidentified, match="expired"):
        house.claims(exp=now - SKEW)
    assert house.claims(iat=now + SKEW, nbf=now + SKEW)
    with pytest.raises(Unidentified, match="time to come"):
        house.claims(iat=now + SKEW + 1)
    with pytest.raises(Unidentified, match="time to come"):
        house.claims(nbf=now + SKEW + 1)


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "aud", "iss"])
def test_an_identity_without_what_makes_it_one_is_refused(house: House, claim: str) -> None:
    with pytest.raises(Unidentified):
        house.claims(**{claim: None})


@pytest.mark.parametrize("word", ["a.b.c", "..", "x" * 20_000 + ".y.z", "e30.e30.e30"])
def test_what_is_no_identity_is_told_so(house: House, word: str) -> None:
    with pytest.raises(Unidentified):
        house.issuers.claims(word)


def test_without_its_keys_nothing_can_be_said_and_old_ones_serve_a_while(house: House) -> None:
    house.issuer.silent = True
    with pytest.raises(Undecidable):
        house.claims()
    house.issuer.silent = False
    house.clock.advance(AGAIN)
    house.claims()
    house.issuer.silent = True
    house.clock.advance(1_000)
    assert house.claims()
    with pytest.raises(Undecidable):
        house.claims(kid="k9")
    house.clock.advance(1_000)
    with pytest.raises(Undecidable):
        house.claims()


def test_an_issuer_that_fails_is_not_asked_by_all_who_come(house: House) -> None:
    house.issuer.silent = True
    for kid in ("k1", "k1", "k8", "k9"):
        with pytest.raises(Undecidable):
            house.claims(kid=kid)
    assert len(house.issuer.asked) == 1
    house.clock.advance(AGAIN)
    with pytest.raises(Undecidable):
        house.claims()
    assert len(house.issuer.asked) == 2


def test_an_issuer_whose_head_drips_is_given_up_at_the_deadline() -> None:
    def drip(conversation: Conversation) -> None:
        said = json.dumps({"jwks_uri": server.url, "keys": []})
        head = f"HTTP/1.1 200 OK\r\nX-Padding: {'x' * 1_400}\r\nContent-Length: {len(said)}"
        conversation.drip(f"{head}\r\n\r\n{said}".encode(), 0.01)

    with BadServer(drip) as server, pytest.raises(httpx.TimeoutException):
        fetch_keys(server.url, within=0.3)


def test_an_issuer_that_hangs_holds_up_only_so_many() -> None:
    asked, over = Event(), Event()

    def hang(_: Conversation) -> None:
        asked.set()
        over.wait(10)

    with BadServer(hang) as server, ThreadPoolExecutor(1) as pool:
        keys = IssuerKeys(server.url, lambda: 0.0, waiters=1)
        first = pool.submit(keys.key, "k1")
        assert asked.wait(10)
        with pytest.raises(Undecidable, match="Too many"):
            keys.key("k2")
        over.set()
        assert isinstance(first.exception(10), Undecidable)
