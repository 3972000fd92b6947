"""An approver takes a granted override back, or whoever got it gives it back."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.approval import Request, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Event
from bot.decide.override import override_state
from bot.decide.people import Actor
from bot.errors import UserError
from bot.flow.announce import refresh_request
from bot.flow.ask.asking import check_reason, groups_of_asker
from bot.flow.once import once_only
from bot.flow.override.card import released, spoken
from bot.flow.override.grant import grant_evidence, note
from bot.ports import Books, Clock, Directory, Record

EXAMPLE = "/override revoke 7 the fix was wrong"


@dataclass(frozen=True)
class RevokeOverride:
    """The flow behind /override revoke."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    ops_channel: str

    def run(self, number: int, reason: str, actor: Actor, once: str = "") -> str:
        """Revoke override `number` (that of its request); a sentence for whoever did. Raises
        UserError; Repeated if this was acted upon already."""
        catalog = self.catalog()
        actor = catalog.known(actor)
        check_reason(reason, EXAMPLE)
        request = self.record.read(lambda books: override_of(books, number))
        asked = catalog.policy_for(request.scope).approvals.override
        groups = request.quorum.groups or asked.groups
        held = groups_of_asker(self.directory, catalog, request.scope, actor, groups)
        if not held and not catalog.same_person(actor.id, request.requester.id):
            who = " or ".join(groups)
            sentence = f"Only {who}, or whoever asked for it, can revoke override {number}."
            raise UserError(sentence, "ask one of them in its thread")

        def work(books: Books) -> str:
            books.history.hold()  # before the grant, as all who decide about grants
            now = self.clock.now()
            grant = books.grants.of_request(number)
            if grant is None or not books.grants.revoke(grant.id, now):
                state = override_state(request, grant, now)
                hint = f"/override cancel {number} takes back what is not yet granted"
                sentence = f"Override {number} is {state}: there is nothing to revoke."
                raise UserError(sentence, hint)
            evidence = grant_evidence(catalog, request, grant) | {"membership": held}
            note(books, catalog, Event.OVERRIDE_REVOKED, actor, request, evidence, now, reason)
            votes = books.requests.votes(number)
            refresh_request(books, catalog, self.ops_channel, request, votes, now)
            return f"Override {number} is revoked: {spoken(released(request))} stays stopped."

        return self.record.write(once_only(once, self.clock, work))


def override_of(books: Books, number: int) -> Request:
    """The override of that number. Raises UserError for none."""
    request = books.requests.get(number)
    if request is None or request.wish is not Wish.OVERRIDE:
        raise UserError(f"There is no override {number}.", "/override list")
    return request
