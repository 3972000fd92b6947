"""What stands in the history as evidence that a rota was asked."""

from datetime import UTC, datetime

from bot.decide.people import Rota


def asked(rota: Rota, now: datetime) -> str:
    """`user group S123, asked at 10:04:05Z`; the day is that of the decision beside it."""
    return f"{rota}, asked at {now.astimezone(UTC):%H:%M:%S}Z"
