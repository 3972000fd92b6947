"""What the rules of freezes, requests, votes and overrides say, as simply as it can be said:
nothing is kept but what people did, and times are seconds."""

from dataclasses import dataclass, field
from itertools import permutations

from bot.decide.approval import Choice
from tests.deciding import CALL, LEADS, LIVES

WORDS = {"ranker": ("ranker",), "recs": ("recs",), "search": ("ranker", "recs")}
VERSIONS, RUNS = ("38", "39"), ("1", "2")
VOTES = (Choice.APPROVE, Choice.APPROVE, Choice.APPROVE, Choice.DENY)
STRANGERS = {"zoe": "managers", "kim": "on-call of another team"}
"""People of the workspace whose groups decide nothing here; managers do once they are asked."""
VOTERS = ("ada", "ben", "lead", "uma", "eve", *STRANGERS)
PATIENCE = 300
"""Seconds after which the managers are asked as well."""
NEEDS = {"freeze": ("any",), "unfreeze": ("any",), "override": ("call", "lead")}


@dataclass
class ModelFreeze:
    """A freeze; times are seconds since the beginning."""

    word: str
    by: str
    start: int
    end: int | None
    lifted: int | None = None

    def over(self, now: int) -> bool:
        return self.lifted is not None or (self.end is not None and self.end <= now)

    def ended(self) -> int:
        known = [at for at in (self.lifted, self.end) if at is not None]
        return min(known)


@dataclass
class ModelRequest:
    """A request, and what it was granted."""

    wish: str
    word: str
    by: str
    expires: int
    """So long after it was asked, `LIVES`, that no other time of it is kept."""
    freezes: tuple[int, ...] = ()
    version: str = ""
    closed: str = ""
    votes: dict[str, str] = field(default_factory=dict)
    use_by: int | None = None
    used: str = ""
    revoked: bool = False
    escalated: bool = False


def enough(needs: tuple[str, ...], approvals: list[set[str]]) -> bool:
    """Whether some of the approvals, each for one need, fill them all: tried one by one."""
    return any(
        all(need in who for need, who in zip(needs, chosen, strict=True))
        for chosen in permutations(approvals, len(needs))
    )


@dataclass
class Model:
    """What people did, and what follows."""

    now: int = 0
    freezes: dict[int, ModelFreeze] = field(default_factory=dict)
    requests: dict[int, ModelRequest] = field(default_factory=dict)
    members: set[str] = field(default_factory=lambda: set(CALL))
    held: dict[tuple[int, str], set[str]] = field(default_factory=dict)
    """The groups that held each voter at the click."""

    def standing(self, word: str) -> tuple[int, ...]:
        """Freezes in force of exactly this scope."""
        found = self.freezes.items()
        return tuple(n for n, f in found if f.word == word and not f.over(self.now))

    def binding(self, service: str) -> tuple[int, ...]:
        found = self.freezes.items()
        return tuple(n for n, f in found if service in WORDS[f.word] and not f.over(self.now))

    def state(self, request: ModelRequest) -> str:
        if request.use_by is None:
            waits = "expired" if request.expires <= self.now else "pending"
            return request.closed or waits
        if request.used:
            return "used"
        if request.revoked:
            return "revoked"
        ends = [self.freezes[number] for number in request.freezes]
        if all(one.over(self.now) for one in ends):
            over = max(one.ended() for one in ends)
            if over < request.use_by:
                return "superseded"
        return "expired" if request.use_by <= self.now else "approved"

    def pointless(self, request: ModelRequest) -> bool:
        names = [self.freezes[number] for number in request.freezes]
        return request.wish != "freeze" and all(one.over(self.now) for one in names)

    def twin(self, wanted: ModelRequest) -> bool:
        for one in self.requests.values():
            if self.state(one) != "pending" or (one.wish, one.word) != (wanted.wish, wanted.word):
                continue
            if wanted.wish == "override":
                if one.version == wanted.version and set(wanted.freezes) <= set(one.freezes):
                    return True
            elif one.freezes == wanted.freezes:
                return True
        return False

    def usable(self, service: str, version: str, held: tuple[int, ...]) -> list[int]:
        """Overrides that are granted, unused, unexpired, and cover all of these freezes."""
        return [
            number
            for number, one in self.requests.items()
            if (one.wish, one.word, one.version) == ("override", service, version)
            and one.use_by is not None
            and not one.used
            and not one.revoked
            and self.now < one.use_by
            and set(held) <= set(one.freezes)
        ]

    def groups(self, name: str) -> set[str]:
        found = set()
        if name in self.members:
            found |= {"call", "any"}
        if name in LEADS:
            found |= {"lead", "any"}
        return found

    def groups_for(self, request: ModelRequest, by: str) -> set[str]:
        """The groups that a vote counts for: the managers stand in for any, once they are asked."""
        if request.escalated and STRANGERS.get(by) == "managers":
            return {"call", "lead", "any"}
        return self.groups(by)

    def hopeless(self, request: ModelRequest) -> bool:
        """Whether too few besides the requester could decide it."""
        others = [self.groups(name) for name in VOTERS if name != request.by]
        return not enough(NEEDS[request.wish], others)

    def escalate(self) -> None:
        """What nobody has decided in time is put before the managers."""
        for number in self.pending():
            request = self.requests[number]
            if request.expires - LIVES + PATIENCE <= self.now:
                request.escalated = True

    def pending(self) -> list[int]:
        """What can still be decided."""
        found = self.requests.items()
        return [n for n, r in found if self.state(r) == "pending" and not self.pointless(r)]

    def granted(self) -> list[int]:
        """What was ever granted."""
        return [n for n, r in self.requests.items() if r.use_by is not None]

    def may_vote(self, request: ModelRequest, by: str) -> bool:
        """Whether this vote counts now."""
        waits = self.state(request) == "pending" and not self.pointless(request)
        fresh = by != request.by and by not in request.votes
        return waits and fresh and bool(self.groups_for(request, by) & {*NEEDS[request.wish]})

    def tidy(self) -> None:
        """What time has ended is told."""
        for request in self.requests.values():
            if not request.closed and request.expires <= self.now:
                request.closed = "expired"
            elif not request.closed and self.pointless(request):
                request.closed = "superseded"
