"""The identity of a run of GitHub Actions, asked of the runner."""

import json
from urllib.parse import quote

import httpx

from bot.errors import UserError

_DEADLINE = 10.0


def run_identity(url: str, token: str, audience: str) -> str:
    """A fresh identity for this audience, good for minutes. `url`, `token`: as the runner gives
    them to jobs with `id-token: write`. Raises UserError."""
    if not url.startswith("https://") and not url.startswith("http://127.0.0.1"):
        raise UserError("The runner's address for identities is not https.")
    try:
        answer = httpx.get(
            f"{url}&audience={quote(audience, safe='')}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=_DEADLINE,
        )
        answer.raise_for_status()
        return str(json.loads(answer.content)["value"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        sentence = f"The runner gave no identity ({type(error).__name__})."
        raise UserError(sentence, "permissions: id-token: write, or BURNBAN_TOKEN") from error
