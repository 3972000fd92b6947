"""What a Prometheus has: a few bounded questions, before there is any spec."""

from collections.abc import Callable, Mapping, Sequence
from typing import Self

import httpx

from bot.errors import SourceError
from bot.measure.api import Api, Connection
from bot.measure.credentials import Credentials, Secrets

SPAN = "1h"
"""What had no sample for so long is taken as gone."""
_TOTAL = 60.0
"""Seconds for the whole survey."""
_BYTES = 4 * 1024 * 1024
"""Of one answer."""


class Survey:
    """Questions about what is there; selectors are printed by bot.spec, never pasted."""

    def __init__(
        self,
        url: str,
        monotonic: Callable[[], float],
        secrets: Secrets = str,
        token_env: str = "",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`token_env`: the name of the variable with a bearer token, if the server wants one."""

        def headers(told: Secrets) -> Mapping[str, str]:
            return {"Authorization": f"Bearer {told(token_env)}"} if token_env else {}

        connection = Connection(
            url, credentials=Credentials(secrets, headers), timeout=20.0, max_bytes=_BYTES
        )
        self._api = Api(connection, monotonic, transport)
        self._deadline = monotonic() + _TOTAL

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._api.close()

    def values(self, selector: str, label: str) -> Sequence[str]:
        """The values that a label has among the series of a selector, in order; none if there are
        no such series. Raises SourceError."""
        question = f"count by ({label})(last_over_time({selector}[{SPAN}]))"
        try:
            found = self._api.now(question, self._deadline)
        except SourceError as error:
            raise SourceError(f"Prometheus {error}") from error
        return sorted({one[label] for one in found if one.get(label)})
