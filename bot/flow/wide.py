"""What concerns everything is told to every team."""

from datetime import datetime

from bot.decide.approval import Request
from bot.decide.catalog import Catalog
from bot.decide.scope import Reach
from bot.flow.facts import asked_in, channels_of
from bot.ports import Act, Books, Outgoing


def tell_the_rest(
    books: Books, catalog: Catalog, ops: str, request: Request, now: datetime, act: str
) -> None:
    """What is asked of everything concerns teams that do not read the operators' channel. `act`:
    what it asks for, to be followed by the scope."""
    asked = asked_in(catalog, request.scope, ops)
    text = f"{request.requester.name} asks to {act} everything: {request.reason}"
    told = {
        "text": text,
        "ok": True,
        "example": "",
        "next": f"approvers of any team decide request {request.id} in the operators' channel.",
    }
    for channel in channels_of(catalog, request.scope, ops):
        if request.scope.reach is Reach.ALL and channel not in asked:
            key = f"request:{request.id}:told:{channel}"
            books.outbox.put(Outgoing(key, channel, key, Act.POST, "answer", told), now)
