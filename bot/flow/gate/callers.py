"""Who asks over the network: a token of ours, or a run that its CI system vouches for."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.caller import Caller, Token
from bot.decide.catalog import Catalog
from bot.decide.people import Actor, Door
from bot.decide.pipeline import rights_by
from bot.errors import Forbidden, Unidentified
from bot.flow.gate.known_tokens import KnownTokens
from bot.flow.gate.tokens import PREFIX, digest_of
from bot.ports import Clock, Issuers, Record

_HOW = "Authorization: Bearer burnban_…"


@dataclass
class Callers:
    """Tells callers by what they bear."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    issuers: Issuers
    monotonic: Callable[[], float]

    def __post_init__(self) -> None:
        self._tokens = KnownTokens(self.record, self.clock, self.monotonic)

    def who(self, authorization: str) -> Caller:
        """Raises Unidentified, Forbidden; Undecidable if that cannot be found out now."""
        scheme, _, word = authorization.strip().partition(" ")
        word = word.strip()
        if scheme.lower() != "bearer" or not word or not word.isascii():
            raise Unidentified("A token is needed.", _HOW)
        if word.startswith(PREFIX):
            return self._of_token(word)
        if word.count(".") == 2:
            return self._of_run(word)
        raise Unidentified("That is no token of Burnban's, nor an identity of a CI run.", _HOW)

    def remembered(self, authorization: str) -> Caller | None:
        """The same without waiting for anything: whoever bears a token that was good a moment ago.
        None: ask `who`."""
        digest = digest_of(authorization.removeprefix("Bearer "))
        token = self._tokens.remembered(digest)
        if token is None or not token.live(self.clock.now()):
            return None
        return _bearing(token, digest)

    def _of_token(self, word: str) -> Caller:
        digest = digest_of(word)
        token, now = self._tokens.find(digest), self.clock.now()
        if token is None or not hmac.compare_digest(token.digest, digest):
            raise Unidentified("There is no such token.", "burnban token create")
        if not token.live(now):
            over = "revoked" if token.revoked_at is not None else "expired"
            raise Unidentified(
                f"Token {token.id} ({token.name}) is {over}.", "burnban token create"
            )
        return _bearing(token, digest)

    def _of_run(self, word: str) -> Caller:
        name, claims = self.issuers.claims(word)
        known = self.catalog().pipelines
        said = known.get(name)
        alike = [one for one in known.values() if said is not None and one.same_issuer(said)]
        found = rights_by(alike, claims)
        if found is None:
            repository = claims.get("repository") or claims.get("project_path") or "this repository"
            sentence = f"No rule of the specs lets runs of {repository} ask, in that environment."
            raise Forbidden(sentence, "add it to the Pipeline in the spec files: docs/gate.md")
        pipeline, rights = found
        who = pipeline.person_of(claims)
        actor = Actor(f"ci:{pipeline.name}:{pipeline.repository_of(claims)}", who, Door.API)
        return Caller(actor, rights, run=pipeline.run_of(claims))


def _bearing(token: Token, digest: str) -> Caller:
    return Caller(token.actor, token.rights, digest, owner=token.owner)
