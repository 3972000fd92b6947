"""Who asks for something, looked up before it is judged."""

from collections.abc import Collection

from bot.decide.catalog import Catalog
from bot.decide.people import Actor, Door
from bot.decide.scope import Reach, Scope
from bot.errors import DeliveryError, UserError
from bot.flow.ask.deciders import look_up
from bot.flow.facts import asked_in, scope_words
from bot.ports import Directory

MAX_REASON = 500
"""Characters of a reason: it stands in messages and in the history."""


def groups_of_asker(
    directory: Directory, catalog: Catalog, scope: Scope, actor: Actor, groups: Collection[str]
) -> dict[str, str]:
    """Those of the groups that hold whoever asks, each with how that was found. Who has a shell on
    the machine holds every key there is. Raises UserError for an outsider, and if Slack does not
    say who it is: then nothing has changed."""
    if actor.door is not Door.SLACK:
        return dict.fromkeys(groups, f"at the {actor.door}")
    try:
        standing = look_up(directory, catalog, scope, actor.id, groups)
    except DeliveryError as error:
        sentence = f"I could not ask Slack who you are ({error}). Nothing has changed."
        raise UserError(sentence, "try again in a minute") from error
    if standing.person.outsider is not None:
        raise UserError(f"You cannot ask for this here: {standing.person.outsider}.")
    return dict(standing.held)


def service_scope(catalog: Catalog, word: str, example: str) -> Scope:
    """The service that a word names. Raises UserError for anything wider."""
    scope = catalog.scope(word)
    if scope.reach is not Reach.SERVICE:
        sentence = f"A release is of one service; `{word}` is {scope_words(scope)}."
        raise UserError(sentence, example)
    return scope


def check_reason(reason: str, example: str) -> None:
    """Raises UserError for none, and for one that is too long."""
    if not reason.strip():
        raise UserError("A reason is needed: others will read it.", example)
    if len(reason) > MAX_REASON:
        raise UserError(f"The reason is too long; {MAX_REASON} characters at most.")


def check_channel(catalog: Catalog, scope: Scope, ops: str) -> None:
    """Raises UserError if nobody could be asked."""
    if not asked_in(catalog, scope, ops):
        reach = scope_words(scope)
        sentence = (
            f"Nobody could be asked: neither the operators nor a team of {reach} has a channel."
        )
        raise UserError(sentence, "set a channel for the team in the spec files")


def now_waiting(lacking: str, cancel: str = "") -> str:
    """What whoever asked does next: who is lacking comes first. `cancel`: the command that takes it
    back, where there is one; everywhere the menu of its message does."""
    back = f"{cancel}, or the menu of its message, takes" if cancel else "its menu takes"
    return lacking or f"Wait for the decision: its message tells of it; {back} it back."
