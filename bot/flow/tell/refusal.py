"""What Slack's refusals mean for a message, and what the operators are told of them."""

from datetime import datetime, timedelta

from bot.errors import Refused
from bot.ports import Act, Claim, Outgoing

KEPT = timedelta(hours=24)
"""How long a message waits for its channel, or the workspace, to be mended."""
_SOON, _LATE = timedelta(seconds=15), timedelta(minutes=10)

GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed"}
    | {"thread_not_found", "cannot_reply_to_message"}
)
"""Answers to an edit or a reply that mean: its head is there no more, or can be changed no more."""
_OWN = frozenset(
    {"template", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
    | {"no_text", "invalid_attachments", "too_many_attachments", "markdown_text_conflict"}
    | {"metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema"}
    | {"invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_form_data"}
    | {"invalid_charset", "invalid_post_type", "invalid_json", "json_not_object"}
)
"""The message itself is at fault: no other time or channel makes it better."""
_NOBODY = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
    | {"org_login_required", "ekm_access_denied", "team_access_not_granted"}
)
"""Slack does not listen to us at all, in whatever channel."""
_MOST_FACTS = 9
_TELLING = ("service", "scope", "title", "wish", "reason", "text")
"""Facts that say the most come first, where not all are shown."""


def own_fault(error: Refused) -> bool:
    """No more attempts. A code that nobody has heard of gets the benefit of the doubt."""
    return error.code in _OWN


def place(claim: Claim, error: Refused) -> str:
    """What is out of order: a channel, or all of them."""
    return "every channel" if error.code in _NOBODY else claim.outgoing.channel


def pause(parked_at: datetime | None, now: datetime) -> timedelta:
    """Until the next attempt: as long again as it has waited already, ten minutes at most."""
    waited = now - parked_at if parked_at else timedelta(0)
    return min(_LATE, max(_SOON, waited))


def expired(parked_at: datetime | None, now: datetime) -> bool:
    """It has been kept long enough."""
    return parked_at is not None and now - parked_at >= KEPT


def notices(claim: Claim, error: Refused, ops: str, now: datetime) -> list[Outgoing]:
    """What the operators' channel is told: of each fault once a day, in its thread each message
    that is kept back. Nothing of faults of that channel itself."""
    if not ops or claim.outgoing.channel == ops:
        return []
    if own_fault(error):
        return [_lost(claim, error, ops, now)]
    where = place(claim, error)
    topic = f"undelivered:{where}:{error.code}:{now:%F}"
    who = "The address" if where.startswith("hook:") else "Slack"
    text = f"{who} refuses them: {error.code}. {remedy(error.code)} "
    if error.code in _NOBODY:  # nobody could read a copy either before it is mended
        text += "They are kept for a day and sent as soon as this is mended."
        return [_notice(topic, ops, f"Messages to {where} were held up", text, error.detail)]
    text += (
        "They are kept for a day and sent as soon as this is mended; meanwhile they stand in this"
        " thread."
    )
    head = _notice(topic, ops, f"Messages to {where} cannot be delivered", text, error.detail)
    return [head] if claim.outgoing.patient else [head, _copy(claim, topic, ops)]


def _notice(topic: str, ops: str, title: str, text: str, *faults: str) -> Outgoing:
    facts = {"title": title, "text": text, "faults": [fault for fault in faults if fault]}
    return Outgoing(topic, ops, topic, Act.POST, "ops_notice", facts)


def _copy(claim: Claim, topic: str, ops: str) -> Outgoing:
    said = claim.outgoing
    return Outgoing(f"undelivered:{claim.id}", ops, topic, Act.REPLY, said.template, said.facts)


def _lost(claim: Claim, error: Refused, ops: str, now: datetime) -> Outgoing:
    """It cannot be shown as it was meant to be: its plain facts must do."""
    said = claim.outgoing
    plain = [
        f"{name}: {value}"
        for name, value in sorted(said.facts.items(), key=lambda fact: fact[0] not in _TELLING)
        if isinstance(value, str | int | float) and value != ""
    ]
    topic = f"undelivered:{said.topic}:{said.template}:{error.code}:{now:%F}"
    title = f"A message to {said.channel} could not be delivered"
    text = f"Slack does not take it: {error.code}. {remedy(error.code)} What it was about:"
    told = [f"message: {said.template}", error.detail, *plain]
    return _notice(topic, ops, title, text, *[one for one in told if one][:_MOST_FACTS])


def remedy(code: str) -> str:
    """What an operator can do about it."""
    if code in _NOBODY:
        return "Check SLACK_BOT_TOKEN, and that the app is still installed."
    return {
        "channel_not_found": "Check the team's channel in its spec; if it is private, invite me.",
        "not_in_channel": "Invite the bot: /invite @Burnban.",
        "is_archived": "The channel is archived: name another one in the team's spec.",
        "missing_scope": "Re-install the app with the scopes of `burnban manifest`.",
        "invalid_blocks": "The template makes a message that Slack does not take.",
        "template": "The template does not work for these facts.",
    }.get(code, "Run `burnban doctor` to see what is wrong.")
