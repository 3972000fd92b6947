"""What requests prove themselves with: fetched when first needed, and never repeated in a text."""

from collections.abc import Callable, Mapping

Secrets = Callable[[str], str]
"""Gives the value behind a name. Raises ConfigError."""


class Credentials:
    """Headers that hold secrets. Who never asks the source needs none of them."""

    def __init__(
        self,
        secrets: Secrets = str,
        headers: Callable[[Secrets], Mapping[str, str]] = lambda _: {},
    ) -> None:
        """`headers` makes them with the given way to the secrets; it may raise ConfigError."""
        self._secrets = secrets
        self._make = headers
        self._headers: Mapping[str, str] | None = None
        self._known: tuple[str, ...] = ()

    def headers(self) -> Mapping[str, str]:
        """Raises ConfigError, and tries again the next time."""
        if self._headers is None:
            made = self._make(self._told)
            self._keep(*made.values())
            self._headers = made
        return self._headers

    def redact(self, text: str) -> str:
        """The text without any secret that was fetched: a server may repeat what we sent it."""
        for value in self._known:
            text = text.replace(value, "[secret]")
        return text

    def _told(self, name: str) -> str:
        value = self._secrets(name)
        self._keep(value)
        return value

    def _keep(self, *values: str) -> None:
        # The longest first: what holds another goes as a whole.
        known = {*self._known, *values} - {""}
        self._known = tuple(sorted(known, key=len, reverse=True))
