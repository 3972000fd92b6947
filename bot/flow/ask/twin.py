"""What is asked for already is not asked for twice: a second request would split the votes."""

from bot.decide.approval import Request
from bot.decide.people import Actor, Door
from bot.errors import UserError
from bot.judge.dates import instant


def refuse_twin(other: Request, actor: Actor, *, decides: bool) -> UserError:
    """Why not, to whoever asks: who may decide is told to; the others, who decides and that their
    words were not kept. Votes are given in Slack: who stands elsewhere has none."""
    if decides and actor.door is Door.SLACK and other.requester.id != actor.id:
        sentence = f"That is asked already (request {other.id}); it waits for its approval."
        return UserError(sentence, "approve or deny the open request")
    who = "you" if other.requester.id == actor.id else other.requester.name
    sentence = (
        f"That is asked already, by {who} since {instant(other.created_at)} (request {other.id});"
        " those whom its message names decide. The reason and the time that you gave now were not"
        " kept."
    )
    return UserError(sentence, "add them in the thread of its message, for those who decide")
