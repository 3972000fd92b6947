"""The release that a budget that burns is most likely owed to, for warnings and their details."""

from datetime import datetime

from bot.decide.stages import Charge, suspect
from bot.flow.attributing import attributed, releases_of
from bot.flow.facts import Facts, epoch
from bot.judge.objective import Objective
from bot.ports import Books


def suspect_facts(books: Books, objective: Objective, now: datetime) -> Facts | None:
    """None if nobody told of a release that serves now and has burned anything. `sure`: it caused
    more than chance would; `beside`: what else serves now, and whether that is so of it too."""
    if objective.drift:
        return None  # it is the world that changed, whatever was released meanwhile
    since, _ = objective.window.bounds(now)
    releases = releases_of(books, objective.service, since)
    found = attributed(books, [objective], releases) if releases else []
    named = suspect(found[0].charges, now) if found else None
    if named is None:
        return None
    blame = named.blame
    return {
        "version": named.release.version,
        "since": epoch(named.release.began),
        "share": float(named.release.share_at(now)),
        "burn": float(named.burn),
        "sure": _sure(named),
        "caused": blame.share if blame is not None else None,
        "control": str(blame.control) if blame is not None else "",
        "beside": [
            {"version": one.release.version, "sure": _sure(one)}
            for one in found[0].charges
            if one is not named and one.release.live(now)
        ],
    }


def _sure(charge: Charge) -> bool:
    return charge.blame is not None and charge.blame.low > 0
