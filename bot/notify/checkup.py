"""What can be wrong between Burnban and a Slack workspace, looked at one by one."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.decide.people import Group
from bot.decide.roster import gather, together
from bot.errors import BurnbanError, DeliveryError, Refused
from bot.ports import Directory


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `burnban doctor`."""

    subject: str
    ok: bool
    text: str
    """What was found, or what to do."""
    better: bool = False
    """It works, but could be made safer."""


def check_slack(
    client: WebClient,
    directory: Directory,
    scopes: Collection[str],
    channels: Collection[str],
    groups: Mapping[str, Collection[Group]],
) -> Iterator[Check]:
    """Token, scopes, membership of channels, people in the groups that decide."""
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error")
        yield Check("Slack token", False, f"{code}: copy the Bot User OAuth Token again")
        return
    except OSError as error:
        reason = getattr(error, "reason", error)  # urllib wraps it
        text = f"Slack does not answer at {client.base_url}: {reason}"
        yield Check("Slack token", False, f"{text}. Let this machine reach it")
        return
    yield Check("Slack token", True, f"{answer.get('user')} in {answer.get('team')}")
    headers = {str(k).lower(): str(v) for k, v in dict(answer.headers).items()}
    granted = {s.strip() for s in headers.get("x-oauth-scopes", "").split(",")}
    missing = sorted(set(scopes) - granted)
    remedy = f"missing {', '.join(missing)}: add them (see `burnban manifest`) and re-install"
    yield Check("Slack scopes", not missing, remedy if missing else "all granted")
    yield from _check_channels(client, channels)
    for name, group in groups.items():
        yield _check_group(directory, name, group)


def _check_channels(client: WebClient, channels: Collection[str]) -> Iterator[Check]:
    try:
        found = {key: c for c in _all_channels(client) for key in (c["id"], f"#{c['name']}")}
    except (SlackApiError, OSError) as error:
        yield Check("Slack channels", False, f"cannot be listed: {_word(error)}")
        return
    for channel in channels:
        known = found.get(channel)
        if known is None:
            text = "not found: check its name; if it is private, invite the bot"
            yield Check(f"channel {channel}", False, text)
        elif known.get("is_archived"):
            yield Check(f"channel {channel}", False, "is archived: name another one")
        elif not known.get("is_member"):
            yield Check(f"channel {channel}", False, "the bot is not in it: /invite @Burnban")
        else:
            yield Check(f"channel {channel}", True, "the bot is a member")


def _all_channels(client: WebClient) -> Iterator[Mapping[str, Any]]:
    cursor = ""
    while True:
        answer = client.conversations_list(
            types="public_channel,private_channel", limit=200, cursor=cursor
        )
        yield from answer.get("channels", [])
        cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def _check_group(directory: Directory, name: str, groups: Collection[Group]) -> Check:
    subject = f"deciders of {name}"
    if not groups:
        return Check(subject, False, "nobody is named: set onCall or approvers in the Team")
    members = together(gather(group, directory.found) for group in groups)
    if members.doubt is not None:
        return Check(subject, False, f"it cannot be asked who they are: {members.doubt}")
    if lost := _lost(directory, groups):
        return Check(subject, False, lost)
    if not members.ids:
        return Check(subject, False, "the group is empty: nobody could approve anything")
    if len(members.ids) == 1:
        return Check(subject, False, "only one person: they cannot approve what they ask for")
    return Check(subject, True, f"{len(members.ids)} people")


def _lost(directory: Directory, groups: Collection[Group]) -> str:
    """Whom the spec names by an id although they cannot decide, and why; empty if all can."""
    named = [user for group in groups for step in group.steps for user in step.users]
    found = (_why_not(directory, user) for user in dict.fromkeys(named))
    return "; ".join(reason for reason in found if reason)


def _why_not(directory: Directory, user: str) -> str:
    try:
        person = directory.person(user)
    except Refused:
        return f"Slack knows nobody as {user}: copy the member ID from the person's profile"
    except DeliveryError:
        return ""
    return f"{person.name} ({user}): {person.outsider}" if person.outsider else ""


def _word(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error"))
    return str(error)


Look = Callable[[], str]


def check(subject: str, look: Look, remedy: str = "") -> Check:
    """Run one look; an expected error becomes a line that says what to do."""

    try:
        return Check(subject, True, look())
    except BurnbanError as error:
        return Check(subject, False, f"{error}{' ' + remedy if remedy else ''}")
