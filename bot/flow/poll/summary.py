"""What a message says that many episodes share: how many of which services, the worst first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.decide.approval import Wish
from bot.decide.consequence import NOTHING, Plan
from bot.decide.episode import Level, Standing
from bot.decide.freeze import Effect
from bot.decide.scope import Reach, Scope
from bot.decide.summary import Plight, plight
from bot.flow.facts import Facts, covering, epoch, number, shortlist
from bot.flow.judging import judge_accounts
from bot.flow.poll.case import WORD, Told
from bot.flow.releases import DOES, releases_facts
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict
from bot.ports import Books, Episode

SHOWN = 5
"""Episodes that the message names one by one."""
JUDGED = 100
"""Episodes whose figures are looked up to find the worst: as many as one transaction judges."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the episodes; `objective` None: the specs have it no more."""

    episode: Episode
    plight: Plight
    objective: Objective | None

    @property
    def service(self) -> str:
        return (
            self.objective.service if self.objective else self.episode.objective.rpartition("/")[0]
        )

    @property
    def rank(self) -> tuple[Plight, int, int]:
        """The worst first, as far as it is known without a look into the ledger."""
        return self.plight, -self.episode.level, self.episode.id


def summary_facts(
    books: Books, told: Told, episodes: Sequence[Episode], coming: Mapping[str, Plan]
) -> Facts:
    """What the message says now. `episodes`: all that share it; `coming`: services for which the
    policy is about to do something in this very transaction."""
    members = _members(books, told, episodes)
    standing = [member for member in members if member.plight is not Plight.OVER]
    judged = _judged(books, told, standing)
    worst = sorted(judged, key=lambda pair: _figures_first(*pair))[:SHOWN]
    services = list(dict.fromkeys(m.service for m in standing or members))
    first = min(episodes, key=lambda episode: episode.id)
    times = [verdict.as_of for _, verdict in judged if verdict.as_of is not None]
    return {
        "summary": first.summary,
        "state": "open" if standing else "resolved",
        "service": shortlist(services),
        "services": services,
        "total": len(members),
        "counts": _counts(members),
        "severity": _severity(members, [verdict for _, verdict in judged]),
        "peak": WORD.get(peak(episodes), "ticket"),
        "worst": [_line(member, verdict) for member, verdict in worst],
        "more": len(standing) - len(worst),
        "since": epoch(first.opened_at),
        "as_of": epoch(max(times, default=None)),
        "resolved_at": epoch(max((e.closed_at for e in episodes if e.closed_at), default=None)),
        "acknowledged_by": sorted({e.acknowledged_by for e in episodes if e.acknowledged_by}),
        "unacknowledged": sum(not m.episode.acknowledged_by for m in standing),
        "scope": str(scope_of(told, services)),
        "word": told.catalog.word(scope_of(told, services)),
        **_releases(books, told, services, coming),
        # Nobody edits it once all is over: what becomes of requests is said by their own messages.
        **({} if standing else {"freezing": ""}),
    }


def peak(episodes: Sequence[Episode]) -> Level:
    """The greatest level that any of them has reached."""
    return Level(max((episode.level for episode in episodes), default=Level.QUIET))


def scope_of(told: Told, services: Sequence[str]) -> Scope:
    """The narrowest scope for a service, or for those of one team; else everything."""
    teams = {team.name if (team := told.catalog.team_of(one)) else "" for one in services}
    if len(services) == 1:
        return Scope(Reach.SERVICE, services[0])
    name = teams.pop() if len(teams) == 1 else ""
    return Scope(Reach.TEAM, name) if name else Scope(Reach.ALL)


def _members(books: Books, told: Told, episodes: Sequence[Episode]) -> list[Member]:
    known = {objective.id: objective for objective in told.catalog.objectives}
    standings = books.standings.get([e.objective for e in episodes if e.closed_at is None])
    found = [
        Member(
            one,
            plight(
                standings.get(one.objective, Standing(one.objective)),
                closed=one.closed_at is not None,
            ),
            known.get(one.objective),
        )
        for one in episodes
    ]
    return sorted(found, key=lambda member: member.rank)


def _judged(books: Books, told: Told, standing: Sequence[Member]) -> list[tuple[Member, Verdict]]:
    """The worst with their figures."""
    some = {m.objective.id: (m, m.objective) for m in standing[:JUDGED] if m.objective}
    accounts = books.ledger.accounts(list(some))
    pairs = [(some[name][1], account) for name, account in accounts.items() if name in some]
    faults = {name: one.fault for name, one in books.standings.get(list(accounts)).items()}
    verdicts = judge_accounts(books, pairs, told.now, faults)
    return [(some[o.id][0], verdict) for (o, _), verdict in zip(pairs, verdicts, strict=True)]


def _figures_first(member: Member, verdict: Verdict) -> tuple[Plight, int, float, int]:
    loud = -verdict.severity.rank if verdict.severity else 0
    left = float(verdict.left) if verdict.left is not None else 2.0
    return member.plight, loud, left, member.episode.id


def _line(member: Member, verdict: Verdict) -> Facts:
    name = member.objective.title or member.objective.name if member.objective else ""
    return {
        "episode": member.episode.id,
        "service": member.service,
        "title": name,
        "severity": _word(member.plight, verdict),
        "left": number(verdict.left),
        "exhausts_in": verdict.exhausts_in,
        "exhausts_over": verdict.exhausts_over,
        "reason": verdict.reasons[0].text if verdict.reasons else "",
    }


def _word(plight: Plight, verdict: Verdict) -> str:
    """A severity, or `unknown`, or `calming`."""
    if plight is Plight.BURNING:
        return str(verdict.severity or "ticket")
    return plight.name.lower()


def _severity(members: Sequence[Member], verdicts: Sequence[Verdict]) -> str:
    """As it is now; while all calm down or cannot be judged, as it was at its worst."""
    if any(member.plight is Plight.EXHAUSTED for member in members):
        return "exhausted"
    loudest = max((v.severity for v in verdicts if v.severity), key=lambda s: s.rank, default=None)
    return str(loudest or WORD.get(peak([member.episode for member in members]), "ticket"))


def _counts(members: Sequence[Member]) -> Facts:
    found = Counter(member.plight for member in members)
    return {one.name.lower(): found[one] for one in Plight}


def _releases(
    books: Books, told: Told, services: Sequence[str], coming: Mapping[str, Plan]
) -> Facts:
    """What it means for releases of these services."""
    asked = [r for r in told.pending(books) if r.wish is Wish.FREEZE]
    effects: dict[Effect, list[str]] = {}
    wanted = []
    for one in services:
        plan = coming.get(one, NOTHING)
        held = covering(told.catalog, told.freezes(books), one, told.now)
        is_asked = any(told.catalog.covers(request.scope, one) for request in asked)
        said = releases_facts(one, held, plan, asked=is_asked)
        if said["effect"]:
            effects.setdefault(Effect(said["effect"]), []).append(one)
        if said["freezing"] and not said["frozen"]:
            wanted.append(one)
    return {
        "frozen": effects.get(Effect.FREEZE, []),
        "freezing": f"A freeze of {shortlist(wanted)} is being asked for." if wanted else "",
        "releases_line": _releases_line(services, effects),
    }


def _releases_line(services: Sequence[str], effects: Mapping[Effect, Sequence[str]]) -> str:
    rest = [one for one in services if not any(one in some for some in effects.values())]
    strict_first = sorted(effects, key=lambda effect: -effect.rank)
    parts = [f"{shortlist(effects[effect])} {DOES[effect]}" for effect in strict_first]
    if rest:
        parts.append(f"{shortlist(rest)} go on")
    return f"Releases of {'; those of '.join(parts)}."
