"""An issuer of identities on this machine, as GitHub's and GitLab's are."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.httpserver import BadServer, Conversation


def rsa_key() -> rsa.RSAPrivateKey:
    """A key of its own."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


@dataclass
class Issuer:
    """Signs identities; `keys` is what it publishes, and may be changed."""

    key: Any
    kid: str = "k1"
    url: str = ""
    keys: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    silent: bool = False
    """Answers 500."""

    def publish(self, kid: str, key: Any) -> None:
        """From now on this key counts too."""
        if isinstance(key, rsa.RSAPrivateKey):
            said = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
            self.keys[kid] = {**said, "kid": kid, "use": "sig", "alg": "RS256"}
        elif isinstance(key, ec.EllipticCurvePrivateKey):
            said = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
            self.keys[kid] = {**said, "kid": kid, "use": "sig", "alg": "ES256"}

    def identity(
        self, now: float, *, alg: str = "RS256", key: Any = None, kid: str = "", **claims: Any
    ) -> str:
        """What a run would bear; a claim that is None is left out."""
        said = {
            "iss": self.url,
            "aud": "burnban",
            "sub": "repo:acme/ranker:environment:prod",
            "repository": "acme/ranker",
            "environment": "prod",
            "ref": "refs/heads/main",
            "actor": "ada",
            "run_id": "77",
            "run_attempt": "1",
            "iat": int(now),
            "nbf": int(now),
            "exp": int(now) + 600,
            **claims,
        }
        body = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(body, key or self.key, alg, headers={"kid": kid or self.kid})

    def answer(self, conversation: Conversation) -> None:
        """The two documents of OpenID Connect Discovery."""
        path = conversation.request.path
        self.asked.append(path)
        if self.silent:
            conversation.answer("{}", "500 Internal Server Error")
        elif path == "/.well-known/openid-configuration":
            conversation.answer(json.dumps({"issuer": self.url, "jwks_uri": f"{self.url}/jwks"}))
        else:
            conversation.answer(json.dumps({"keys": list(self.keys.values())}))


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer that answers."""
    issuer = Issuer(rsa_key())
    issuer.publish("k1", issuer.key)
    with BadServer(issuer.answer) as server:
        issuer.url = server.url
        yield issuer
