"""The fields of a DataSource's connectionDetails, one reader each."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from bot.spec.nodes import Table
from bot.spec.spot import Spot, record, shorten, table
from bot.spec.values import duration, text

_ENV = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
# Whoever may write an SLO would have them sent to an address of his choice.
_OWN = re.compile(r"(SLACK|BURNBAN)_.*|DATABASE_URL|PORT", re.IGNORECASE)
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")
_SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key")
LONGEST = 60
"""Seconds."""
BASIC = "basicAuth: {username: …, passwordEnv: MY_PASSWORD}"


def step(spot: Spot) -> int | None:
    """Seconds of a slice: divides an hour, or is whole hours up to a day."""
    found = duration()(spot)
    return None if found is None else fitting_step(spot, found)


def fitting_step(spot: Spot, seconds: int) -> int | None:
    """The seconds, if slices of that length fill hours evenly; else a fault."""
    if (3_600 % seconds == 0 or seconds % 3_600 == 0) and seconds <= 86_400:
        return seconds
    spot.fault(
        "Slices of this length do not fill hours evenly.",
        "Write one that divides an hour (15s, 1m, 5m), or whole hours up to 24h.",
    )
    return None


_WRITE = "Write it like http://prometheus:9090."


def url(spot: Spot) -> str | None:
    found = text(spot)
    if found is None:
        return None
    wrong = wrong_address(found)
    if wrong is not None:
        spot.fault(*wrong)
        return None
    return found.rstrip("/")


def wrong_address(found: str) -> tuple[str, str] | None:
    """What is wrong with the address of a server, and what would be right; None if it is sound."""
    try:
        parts = urlsplit(found)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or any(c.isspace() for c in found):
        return "This is not an address.", _WRITE
    if parts.username or parts.password:
        return "A password would stand here in clear text.", f"Write {BASIC}."
    if parts.query or parts.fragment:
        return "The address ends before `?` and `#`.", _WRITE
    return None


def variable(spot: Spot) -> str | None:
    found = text(spot)
    if found is not None and not _ENV.fullmatch(found):
        spot.fault(
            "The name of an environment variable belongs here, not its value.",
            "Write a name like PROMETHEUS_TOKEN, and set that variable.",
        )
        return None
    if found is not None and _OWN.fullmatch(found):
        spot.fault(
            f"{found} is a setting of Burnban itself, and is not sent to a source.",
            "Name a variable that holds the secret of this source alone.",
        )
        return None
    return found


def timeout(spot: Spot) -> int | None:
    """Seconds, no more than one read has in all."""
    found = duration()(spot)
    if found is not None and found > LONGEST:
        spot.fault(f"A request may take {LONGEST}s at most.", f"Write {LONGEST}s or less.")
        return None
    return found


def basic_auth(spot: Spot) -> dict[str, str] | None:
    found = table(spot)
    if found is None:
        return None
    for key, field in found.items():
        if key == "password":
            problem = "`password` would stand here in clear text."
            field.fault(problem, "Name an environment variable: passwordEnv: MY_PASSWORD.")
    found.refuse_others(("username", "passwordEnv"), ("password",))
    user = found.need("username", text, "username: …")
    password = found.need("passwordEnv", variable, "passwordEnv: MY_PASSWORD")
    return {"username": user, "passwordEnv": password} if user and password else None


def headers(spot: Spot) -> dict[str, object]:
    found = table(spot)
    headers: dict[str, object] = {}
    for key, field in found.items() if found else ():
        if not _HEADER.fullmatch(key):
            field.fault(f"`{shorten(key)}` cannot be the name of a header.")
        elif isinstance(field.node, Table):
            value = record(field, "env")
            named = value.need("env", variable, "env: MY_VARIABLE") if value else None
            headers[key] = {"env": named}
        elif key.lower() in _SECRET_HEADERS:
            problem = f"`{key}` would stand here in clear text."
            field.fault(problem, f"Name an environment variable: {key}: {{env: MY_VARIABLE}}.")
        else:
            headers[key] = _line(field)
    return headers


def _line(spot: Spot) -> str | None:
    found = text(spot)
    if found is not None and not (found.isascii() and found.isprintable()):
        spot.fault("A header is one line of ASCII text.")
        return None
    return found


def file_path(spot: Spot) -> str | None:
    """A path, relative to the file that names it."""
    found = text(spot)
    if found is None:
        return None
    if "\x00" in found:
        spot.fault("This is not a path.")
        return None
    return (Path(spot.file).parent / found).as_posix()
