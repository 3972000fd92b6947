"""The identities of CI runs: JSON Web Tokens (RFC 7519) signed by GitHub or GitLab."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

import jwt

from bot.decide.catalog import Catalog
from bot.decide.pipeline import Pipeline
from bot.errors import Unidentified
from bot.trust.keys import IssuerKeys

ALGORITHMS = ["RS256", "ES256"]
"""None that signs with a public key, and not `none`."""
SKEW = 300
"""Seconds that clocks may differ by."""
_NEEDED = ["exp", "iat", "iss", "aud", "sub"]
_LONGEST = 16_384
_HOW = "`permissions: id-token: write` and the audience of the spec (docs/gate.md)"


class OidcIssuers:
    """Satisfies bot.ports.gate.Issuers: believes the issuers of the specs."""

    def __init__(
        self,
        catalog: Callable[[], Catalog],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._catalog, self._now, self._monotonic = catalog, now, monotonic
        self._keys: dict[str, IssuerKeys] = {}
        self._lock = Lock()

    def claims(self, word: str) -> tuple[str, Mapping[str, Any]]:
        """See Issuers."""
        if len(word) > _LONGEST:
            raise Unidentified("That identity is too long to be one.", _HOW)
        try:
            said = jwt.decode(word, options={"verify_signature": False})
            head = jwt.get_unverified_header(word)
        except jwt.PyJWTError as error:
            raise Unidentified("That is no identity of a CI run.", _HOW) from error
        pipeline = self._pipeline(str(said.get("iss", "")), said.get("aud"))
        return pipeline.name, self._verified(word, str(head.get("kid", "")), pipeline)

    def _pipeline(self, issuer: str, audience: object) -> Pipeline:
        """Whose word it claims to be: an issuer that the specs name, meant for us."""
        known = [one for one in self._catalog().pipelines.values() if one.issuer == issuer]
        if not known:
            sentence = "No Pipeline of the specs has the issuer of that identity."
            raise Unidentified(sentence, _HOW)
        said = audience if isinstance(audience, list) else [audience]
        for one in known:
            if one.audience in said:
                return one
        sentence = f"That identity is meant for somebody else; the audience is {known[0].audience}."
        raise Unidentified(sentence, _HOW)

    def _verified(self, word: str, kid: str, pipeline: Pipeline) -> Mapping[str, Any]:
        key = self._keys_of(pipeline.issuer).key(kid)
        if key is None:
            raise Unidentified("The issuer has no such key.", _HOW)
        try:
            # The times are judged by our own clock, which tests and demos may set.
            claims: Mapping[str, Any] = jwt.decode(
                word,
                key.key,
                algorithms=ALGORITHMS,
                audience=pipeline.audience,
                issuer=pipeline.issuer,
                options={
                    "require": _NEEDED,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise Unidentified(f"That identity does not hold: {error}.", _HOW) from error
        self._timely(claims)
        return claims

    def _timely(self, claims: Mapping[str, Any]) -> None:
        now = self._now().timestamp()
        try:
            ends, issued = float(claims["exp"]), float(claims["iat"])
            starts = float(claims.get("nbf", issued))
        except (TypeError, ValueError) as error:
            raise Unidentified("The times of that identity are none.", _HOW) from error
        if now >= ends + SKEW:
            raise Unidentified("That identity has expired; take a fresh one for each run.", _HOW)
        if max(issued, starts) > now + SKEW:
            sentence = "That identity is of a time to come: the clocks differ by over 5 min."
            raise Unidentified(sentence, _HOW)

    def _keys_of(self, issuer: str) -> IssuerKeys:
        with self._lock:
            return self._keys.setdefault(issuer, IssuerKeys(issuer, self._monotonic))
