"""`burnban doctor`: each thing that can be wrong, one line each."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from slack_sdk import WebClient

from bot import measure
from bot.clock import SystemClock, monotonic
from bot.config import Settings, need_slack, secret, sound_settings
from bot.decide.catalog import Catalog
from bot.entrypoints.terminal import counted
from bot.errors import BurnbanError, ConfigError, SpecError
from bot.notify.checkup import Check, check
from bot.wiring.chat import client_of
from bot.wiring.doctor_answers import check_answers
from bot.wiring.doctor_counts import check_counts
from bot.wiring.doctor_house import check_house
from bot.wiring.doctor_outside import check_outside
from bot.wiring.line import check_app_token
from bot.wiring.people import check_workspace, live, remembered
from bot.wiring.specs import load_specs, ownerless

_SKEW = 60
"""Seconds; Slack refuses signatures that are 300 s off."""


_NOBODY = (
    "not set: troubles of Burnban itself are told to nobody. Make a channel for them, set "
    "BURNBAN_OPS_CHANNEL=#burnban-ops, and /invite @Burnban to it"
)


def examine() -> Iterator[Check]:
    """Settings, specs, sources, database, Slack, clock."""
    try:
        settings, faults = sound_settings()
    except ConfigError as error:
        yield from _settings_at_fault(error)
        return
    yield from _settings_at_fault(ConfigError(faults))
    # What rests on a setting at fault is not looked at: a default stands in its place.
    at_fault = {fault.where for fault in faults}
    catalog = None if "BURNBAN_SPECS" in at_fault else (yield from _specs(settings))
    if catalog is not None:
        yield from _sources(catalog)
    yield from check_house(settings, at_fault)
    if catalog is not None and "DATABASE_URL" not in at_fault:
        yield from check_counts(settings, catalog)
        yield from check_outside(settings, catalog)
    if not settings.ops_channel and "BURNBAN_OPS_CHANNEL" not in at_fault:
        yield Check("BURNBAN_OPS_CHANNEL", False, _NOBODY)
    if not any(name.startswith("SLACK_") for name in at_fault):
        yield from _slack(settings, catalog)
        yield _clock(settings)


def _settings_at_fault(error: ConfigError) -> Iterator[Check]:
    for fault in error.faults:
        yield Check(fault.where, False, f"{fault.problem} {fault.remedy}".strip())


def _specs(settings: Settings) -> Generator[Check, None, Catalog | None]:
    try:
        catalog = load_specs(settings.specs)
    except SpecError as error:
        for fault in error.faults:
            yield Check("specs", False, str(fault))
        return None
    text = f"{counted(len(catalog.objectives), 'objective')} in {settings.specs}"
    yield Check("specs", bool(catalog.objectives), text)
    for name in ownerless(catalog):
        heard = "go to the operators' channel" if settings.ops_channel else "have nowhere to go"
        text = f"{name} has no team: its warnings {heard}, and nobody may decide about it"
        yield Check("teams", False, f"{text}; list it in the `services` of a Team")
    return catalog


def _sources(catalog: Catalog) -> Iterator[Check]:
    for name, one in catalog.sources.items():
        subject = f"source {name}"
        try:
            source = measure.build(one, secret, monotonic, None)
        except BurnbanError as error:
            yield Check(subject, False, str(error))
            continue
        found = check(subject, source.check)
        yield replace(found, text=found.text.removeprefix(f"{name}: "))
        if found.ok and one.kind == "prometheus":
            theirs = [each for each in catalog.objectives if each.source == name]
            yield from check_answers(source, theirs, SystemClock().now())
        source.close()


def _slack(settings: Settings, catalog: Catalog | None) -> Iterator[Check]:
    try:
        need_slack(settings)
    except ConfigError as error:
        yield from _settings_at_fault(error)
        return
    if settings.slack_app_token is None:
        known = settings.slack_signing_secret
        value = known.get_secret_value() if known else ""
        fine = len(value) == 32 and all(c in "0123456789abcdef" for c in value)
        text = "has the form of one" if fine else "is not 32 hexadecimal digits: copy it again"
        yield Check("signing secret", fine, text)
    client = client_of(settings)
    if settings.slack_app_token is not None:
        yield _app_token(client, settings.slack_app_token.get_secret_value())
    channels = [team.channel for team in catalog.teams.values()] if catalog else []
    if settings.ops_channel:
        channels.append(settings.ops_channel)
    specs = catalog or Catalog()
    directory = remembered(live(client, lambda: specs, SystemClock().now))
    yield from check_workspace(client, directory, specs, list(dict.fromkeys(channels)))


def _app_token(client: WebClient, token: str) -> Check:
    try:
        check_app_token(client, token)
    except ConfigError as error:
        fault = error.faults[0]
        return Check(fault.where, False, f"{fault.problem} {fault.remedy}")
    except BurnbanError as error:
        return Check("SLACK_APP_TOKEN", False, f"could not be checked. Slack: {error}")
    return Check("SLACK_APP_TOKEN", True, "opens Socket Mode")


def _clock(settings: Settings) -> Check:
    """Our clock against that of Slack's servers: signatures are refused when they differ."""
    try:
        answer = httpx.head(settings.slack_api_url, timeout=5, trust_env=False)
        theirs = parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return Check("clock", False, "could not be compared: Slack's answer bears no date")
    except httpx.HTTPError as error:
        text = f"could not be compared: {settings.slack_api_url} does not answer"
        return Check("clock", False, f"{text} ({type(error).__name__})")
    return compare_clocks(SystemClock().now(), theirs)


def compare_clocks(ours: datetime, theirs: datetime) -> Check:
    """Whether signatures made by one clock hold by the other."""
    skew = abs((ours - theirs).total_seconds())
    if skew > _SKEW:
        return Check(
            "clock", False, f"{skew:.0f} s off: Slack's signatures will be refused; sync it"
        )
    return Check("clock", True, f"within {skew:.0f} s of Slack's")
