"""What `burnban doctor` would say of Slack, told by itself at the start: in the log, and once a day
to the operators."""

import hashlib
import logging

from bot.errors import BurnbanError
from bot.notify.checkup import Check
from bot.ports import Act, Books, Outgoing
from bot.wiring.chat import Chat
from bot.wiring.core import Core
from bot.wiring.people import check_workspace

log = logging.getLogger(__name__)


def tell_troubles(core: Core, parts: Chat) -> list[Check]:
    """Look at token, scopes, channels and groups; tell what is wrong. The troubles found."""
    catalog = core.catalog()
    ops = core.settings.ops_channel
    channels = [team.channel for team in catalog.teams.values() if team.channel]
    wanted = list(dict.fromkeys([*channels, *([ops] if ops else [])]))
    try:
        lines = list(check_workspace(parts.client, parts.shown, catalog, wanted))
    except BurnbanError as error:
        log.warning("Slack could not be looked at: %s", error)
        return []
    troubles = [line for line in lines if not line.ok]
    for line in troubles:
        log.warning("%s: %s", line.subject, line.text)
    if troubles and ops:
        _post(core, ops, troubles)
    return troubles


def _post(core: Core, ops: str, troubles: list[Check]) -> None:
    now = core.clock.now()
    faults = [f"{line.subject}: {line.text}" for line in troubles]
    mark = hashlib.sha256("\n".join(faults).encode()).hexdigest()[:12]
    key = f"selfcheck:{now:%Y-%m-%d}:{mark}"
    facts = {
        "title": "Something between Burnban and Slack needs a hand",
        "text": "Until it is mended, some warnings or approvals will not work."
        " `burnban doctor` looks again.",
        "faults": faults,
    }

    def work(books: Books) -> None:
        books.outbox.put(Outgoing(key, ops, key, Act.POST, "ops_notice", facts), now)

    core.record.write(work)
