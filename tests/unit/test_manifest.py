"""The manifest asks for what the code uses: no scope more, none less."""

import re
from pathlib import Path

from bot.entrypoints.manifest import SCOPES, manifest
from bot.entrypoints.slack_commands import COMMANDS
from bot.playground import methods_chat, methods_conversations, methods_people, methods_views

METHODS = {
    **methods_chat.METHODS,
    **methods_conversations.METHODS,
    **methods_people.METHODS,
    **methods_views.METHODS,
}
"""What the playground demands for each method of Slack's, as Slack documents it."""
BY_CHANNEL = {
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.history": {"channels:history", "groups:history"},
    "conversations.replies": {"channels:history", "groups:history"},
}
"""What public and private channels need; which it is shows only in the call."""

BOT = Path(__file__).parents[2] / "bot"


def calls_of_slack() -> set[str]:
    """The methods that stand in the sources, as a string or as a call of slack_sdk."""
    files = [path for path in BOT.rglob("*.py") if "playground" not in path.parts]
    text = "\n".join(path.read_text() for path in files)
    return {
        name
        for name in METHODS
        if f'"{name}"' in text or re.search(rf"\.{name.replace('.', '_')}\(", text)
    }


def test_every_scope_is_needed_by_a_call_in_the_code_and_every_call_has_its_scope() -> None:
    used = calls_of_slack()
    assert {"chat.postMessage", "users.info", "usergroups.users.list"} <= used
    demanded = {name: set(METHODS[name].any_scope) for name in used}
    for name, any_of in demanded.items():
        assert not any_of or any_of & set(SCOPES), f"{name} needs one of {any_of}"
    needed = set().union(*demanded.values(), *(BY_CHANNEL.get(name, set()) for name in used))
    assert set(SCOPES) - {"commands"} <= needed


def test_the_commands_are_those_of_the_code() -> None:
    for url, socket in (("", True), ("https://burnban.example/", False)):
        made = manifest(url)
        assert [c["command"] for c in made["features"]["slash_commands"]] == [
            c.name for c in COMMANDS
        ]
        assert made["settings"]["socket_mode_enabled"] is socket
        urls = {c.get("url") for c in made["features"]["slash_commands"]}
        assert urls == ({None} if socket else {"https://burnban.example/slack/events"})
