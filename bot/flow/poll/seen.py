"""Releases that were stopped because there were no data: once there are, their messages say so."""

from collections.abc import Sequence

from bot.decide.episode import BLINDING
from bot.flow.grounds import judge_now
from bot.flow.poll.case import Case, Told
from bot.flow.stopped import blinded, say_seen
from bot.judge.verdict import Verdict
from bot.ports import Books


def tell_seen(books: Books, told: Told, cases: Sequence[Case]) -> None:
    """Of the services of these objectives: those of which every objective can be judged again."""
    services = {case.objective.service for case in cases if not _blind(case.verdict)}
    stops = blinded(books, services) if services else []
    if not stops:
        return
    names = {one.service for one in stops}
    theirs = [one for one in told.catalog.objectives if one.service in names]
    still = {one.service for one, found in judge_now(books, theirs, told.now) if _blind(found)}
    if seen := [one for one in stops if one.service not in still]:
        say_seen(books, seen, told.now)


def _blind(verdict: Verdict) -> bool:
    return any(reason.code in BLINDING for reason in verdict.reasons)
