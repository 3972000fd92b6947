"""The identity of a run of GitHub Actions, asked of the runner."""

import json
from time import monotonic
from urllib.parse import quote, urlsplit

import httpx

from bot.bounded import Deadlines, asker
from bot.errors import UserError

_DEADLINE = 10.0
_HERE = "127.0.0.1"


def run_identity(url: str, token: str, audience: str, within: float = _DEADLINE) -> str:
    """A fresh identity for this audience, good for minutes. `url`, `token`: as the runner gives
    them to jobs with `id-token: write`; `within`: seconds for the whole answer. Raises
    UserError."""
    if not _safe(url):
        raise UserError("The runner's address for identities is not https.")
    deadlines = Deadlines(monotonic)
    try:
        with deadlines.until(monotonic() + within), asker(url, deadlines, within) as client:
            answer = client.get(
                f"{url}&audience={quote(audience, safe='')}",
                headers={"Authorization": f"Bearer {token}"},
            )
        answer.raise_for_status()
        return str(json.loads(answer.content)["value"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        sentence = f"The runner gave no identity ({type(error).__name__})."
        raise UserError(sentence, "permissions: id-token: write, or BURNBAN_TOKEN") from error


def _safe(url: str) -> bool:
    """Whether the key of the run may be sent there: over TLS, or within this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme, parts.hostname) == ("http", _HERE)
