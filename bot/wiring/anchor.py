"""What vouches for the decision history outside the database: the key, the places of anchors."""

from collections.abc import Sequence

from bot.config import Settings
from bot.decide.seal import Seal
from bot.flow.history.anchor import LeaveAnchors
from bot.flow.history.nightly import VerifyNightly
from bot.notify.outside import FileOutside, WebhookOutside, anchors_in
from bot.ports import Outside
from bot.record.seals import KeyedSeals
from bot.wiring.core import Core


def seals(settings: Settings, more: Sequence[str] = ()) -> KeyedSeals:
    """The key of the settings, and the public ones that count beside it. Raises ValueError for
    `more` that cannot be keys."""
    key = settings.anchor_key.get_secret_value() if settings.anchor_key else ""
    return KeyedSeals(key, [*filter(None, settings.anchor_trusted.split(",")), *more])


def places(settings: Settings) -> dict[str, Outside]:
    """The places beside the channel, by name."""
    found: dict[str, Outside] = {}
    if settings.anchor_file is not None:
        found["file"] = FileOutside(settings.anchor_file)
    if settings.anchor_webhook is not None:
        found["webhook"] = WebhookOutside(settings.anchor_webhook.get_secret_value())
    return found


def channel(settings: Settings) -> str:
    """The channel of the anchors: where no place is named at all, that of the operators."""
    named = settings.anchor_channel
    return named if named or places(settings) else settings.ops_channel


def known_anchors(settings: Settings) -> tuple[Seal, ...]:
    """What can be read from here of the anchors that were left. Raises UserError for a file that
    was spoilt."""
    file = settings.anchor_file
    return anchors_in(file) if file is not None and file.exists() else ()


def leave_anchors(core: Core) -> LeaveAnchors:
    """The hourly flow."""
    settings = core.settings
    return LeaveAnchors(
        core.record,
        core.clock,
        seals(settings),
        channel(settings),
        places(settings),
        settings.ops_channel,
    )


def verify_nightly(core: Core) -> VerifyNightly:
    """The nightly flow."""
    settings = core.settings
    return VerifyNightly(
        core.record,
        core.clock,
        seals(settings),
        lambda: known_anchors(settings),
        settings.ops_channel,
    )
