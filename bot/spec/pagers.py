"""PagerDuty: an account that says who is on call. Its key is named, never written."""

from urllib.parse import urlsplit

from bot.decide.catalog import PagerSpec
from bot.spec.alert_objects import spec_of
from bot.spec.connection import variable
from bot.spec.documents import Document
from bot.spec.spot import Spot
from bot.spec.values import text

URL = "https://api.pagerduty.com"
_HERE = ("127.0.0.1", "localhost", "::1")
_IN_CLEAR = ("token", "apiKey", "key", "secret")


def read_pager(document: Document) -> PagerSpec | None:
    """The account as an adapter takes it."""
    spec = spec_of(document, "description", "tokenEnv", "url", *_IN_CLEAR)
    if spec is None:
        return None
    for field in _IN_CLEAR:
        spot = spec.get(field)
        if spot is not None:
            problem = f"`{field}` would stand here in clear text."
            spot.fault(problem, "Name an environment variable: tokenEnv: PAGERDUTY_TOKEN.")
    token = spec.need("tokenEnv", variable, "tokenEnv: PAGERDUTY_TOKEN")
    url = spec.read("url", _url) if spec.get("url") is not None else URL
    if not (document.name and token and url):
        return None
    return PagerSpec(document.name, url, token, document.head.where)


def _url(spot: Spot) -> str | None:
    """Where a key is sent: never in clear over a network."""
    found = text(spot)
    if found is None:
        return None
    try:
        parts = urlsplit(found)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        plain = not (parts.username or parts.password or parts.query or parts.fragment)
        sound = safe and plain and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not (found.isascii() and found.isprintable()) or " " in found:
        remedy = f"Write {URL}, or https://api.eu.pagerduty.com (http:// only on this machine)."
        spot.fault("The key cannot be sent to this address.", remedy)
        return None
    return found.rstrip("/")
