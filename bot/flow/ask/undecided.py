"""The operators are told that nobody decided about requests of a policy: of those that shared a
message once, by the names of all."""

from collections.abc import Sequence
from datetime import datetime

from bot.decide.approval import Request, RequestState, Wish
from bot.flow.docket import NAMED, topic_of
from bot.flow.facts import Facts, scope_words, shortlist
from bot.ports import Act, Books, Outgoing


def tell_undecided(books: Books, ops: str, request: Request, again: int, now: datetime) -> None:
    """`again`: the number of the request by which the policy asks anew."""
    topic = f"request:{request.id}" if request.docket is None else topic_of(request.docket)
    key = f"{topic}:undecided"
    if not ops or books.outbox.topics([key]):
        return  # the first of many has spoken for all
    facts = _facts(request, again, _together(books, request, now))
    books.outbox.put(Outgoing(key, ops, key, Act.POST, "ops_notice", facts), now)


def _together(books: Books, request: Request, now: datetime) -> Sequence[Request]:
    if request.docket is None:
        return [request]
    members = books.requests.together(request.docket)
    return [one for one in members if one.state(now) is RequestState.EXPIRED]


def _facts(request: Request, again: int, some: Sequence[Request]) -> Facts:
    lift = request.wish is Wish.UNFREEZE
    wish = f"freeze {request.freezes[0]} to be lifted" if lift else "a freeze"
    go = "stay frozen" if lift else "go on"
    if len(some) < 2:
        title = f"Nobody decided about {scope_words(request.scope)} in time"
        text = (
            f"The policy asked for {wish} (request {request.id}): {request.reason}. Nobody"
            f" answered, so releases {go}. It asks again now (request {again})."
        )
        return {"title": title, "text": text, "faults": []}
    names = [one.scope.name for one in some]
    return {
        "title": f"Nobody decided about {shortlist(names)} in time",
        "text": f"Nobody answered to {len(some)} requests in one message, so releases {go}:"
        f" {shortlist(names, NAMED)}. The policy asks again now where the reason still"
        f" stands; the first was about {request.scope.name}, for {wish}"
        f" (request {request.id}, now {again}): {request.reason}.",
        "faults": [],
    }
