"""Whom a verb of the terminal asks who may decide."""

from bot.ports import Directory
from bot.wiring.core import Core, NoDirectory


def directory(built: Core) -> Directory:
    """Slack's, if there is a token for it. Slack's libraries are imported only then: most verbs
    would wait for them in vain."""
    if built.settings.slack_bot_token is None:
        return NoDirectory()
    from bot.wiring.chat import chat

    return chat(built).directory
