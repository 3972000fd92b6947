"""PagerDuty: an account that says who is on call. Its key is named, never written."""

from bot.decide.catalog import PagerSpec
from bot.spec.address import address
from bot.spec.alert_objects import spec_of
from bot.spec.connection import variable
from bot.spec.documents import Document
from bot.spec.spot import Spot

URL = "https://api.pagerduty.com"
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
    """Where a key is sent."""
    remedy = f"Write {URL}, or https://api.eu.pagerduty.com (http:// only on this machine)."
    found = address(spot, "The key cannot be sent to this address.", remedy)
    return found and found.rstrip("/")
