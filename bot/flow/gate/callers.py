"""Who asks over the network: a token of ours, or a run that its CI system vouches for."""

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.caller import USED, Caller, Token
from bot.decide.catalog import Catalog
from bot.decide.gate import HOLDS
from bot.decide.people import Actor, Door
from bot.decide.pipeline import rights_by
from bot.errors import Forbidden, RecordError, Undecidable, Unidentified
from bot.flow.gate.tokens import PREFIX, digest_of
from bot.ports import Clock, Issuers, Record

log = logging.getLogger(__name__)

KEEP = 5.0
"""Seconds for which a token is not looked up again: so long a revoked one may go on."""
_MOST = 10_000
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
        self._known: dict[str, tuple[Token | None, float]] = {}

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
        kept = self._known.get(digest)
        if kept is None or kept[0] is None or self.monotonic() - kept[1] >= KEEP:
            return None
        token = kept[0]
        return _bearing(token, digest) if token.live(self.clock.now()) else None

    def _of_token(self, word: str) -> Caller:
        digest = digest_of(word)
        token, now = self._token(digest), self.clock.now()
        if token is None or not hmac.compare_digest(token.digest, digest):
            raise Unidentified("There is no such token.", "burnban token create")
        if not token.live(now):
            over = "revoked" if token.revoked_at is not None else "expired"
            raise Unidentified(
                f"Token {token.id} ({token.name}) is {over}.", "burnban token create"
            )
        return _bearing(token, digest)

    def _token(self, digest: str) -> Token | None:
        kept, now = self._known.get(digest), self.monotonic()
        if kept is not None and now - kept[1] < KEEP:
            return kept[0]
        try:
            found = self.record.read(lambda books: books.tokens.of_digest(digest))
        except RecordError as error:
            if kept is not None and now - kept[1] < HOLDS.total_seconds():
                return kept[0]
            raise Undecidable(
                "The database does not answer, so nobody knows this token."
            ) from error
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[digest] = found, now
        if found is not None:
            self._note_use(found)
        return found

    def _note_use(self, token: Token) -> None:
        now = self.clock.now()
        if token.used_at is not None and now - token.used_at < USED:
            return
        try:
            self.record.write(lambda books: books.tokens.used(token.id, now))
        except RecordError as error:
            log.warning("the use of token %d was not noted: %s", token.id, error)

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
