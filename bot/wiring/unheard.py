"""What a terminal without a way to Slack says of news that nobody there has heard yet."""

from rich.console import Console

from bot.config import Settings
from bot.entrypoints.terminal import say
from bot.flow.ask.request import Outcome

errors = Console(stderr=True)

_NO_SLACK = (
    "There is no SLACK_BOT_TOKEN here: nobody in Slack hears of this before a Burnban that has one"
    " runs on this database. Tell your team yourself."
)


def warn_unheard(outcome: Outcome, settings: Settings) -> None:
    """Say so of a request, which waits for votes in Slack, and of a freeze that holds already."""
    told = outcome.request is not None or outcome.freeze is not None
    if told and settings.slack_bot_token is None:
        say(errors, _NO_SLACK)
