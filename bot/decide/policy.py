"""The policy: what each verdict leads to, who approves, and how a freeze thaws."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from bot.decide.change import ChangeKind
from bot.decide.freeze import Effect
from bot.decide.quorum import APPROVERS, DECIDERS, ON_CALL, ONE, Quorum, strictest
from bot.decide.silence import Silence, Silences
from bot.judge.burn import BurnAlert, Severity

Labels = frozenset[tuple[str, str]]


class Then(StrEnum):
    """What follows, from quiet to loud."""

    WARN = "warn"
    CAUTION = "caution"
    """Each release needs one approval."""
    HOLD = "hold"
    """New releases wait; what is under way may end."""
    REQUEST_FREEZE = "request-freeze"
    """Ask the approvers: a message with Approve and Deny."""
    FREEZE = "freeze"
    """Freeze at once; people lift it."""

    @property
    def rank(self) -> int:
        """Higher is louder."""
        return list(Then).index(self)

    @property
    def effect(self) -> Effect | None:
        """What it does to releases by itself; None: nothing."""
        return _EFFECTS.get(self)

    @property
    def freezes(self) -> bool:
        """Whether no release is to go, at once or once people have agreed."""
        return self in (Then.REQUEST_FREEZE, Then.FREEZE)


_EFFECTS = {Then.CAUTION: Effect.CAUTION, Then.HOLD: Effect.HOLD, Then.FREEZE: Effect.FREEZE}


@dataclass(frozen=True, slots=True)
class Threshold:
    """Once no more than `left` of the budget is left (0 … 1) for certain, `then` follows, once."""

    left: Fraction
    then: Then
    alert: Severity | None = None
    """Only while a burn alert of this severity fires as well; in one episode once."""
    labels: Labels = frozenset()
    """Only for objectives that bear all of these."""


@dataclass(frozen=True, slots=True)
class OnAlert:
    """What a burn alert leads to, for objectives that bear all of the labels."""

    severity: Severity
    then: Then
    labels: Labels = frozenset()


@dataclass(frozen=True, slots=True)
class Thaw:
    """An automatic freeze lifts when more than `left` is left and the burn is below `burn_below`,
    both for `dwell` seconds without a break, and `cooling` seconds longer."""

    left: Fraction = Fraction(10, 100)
    burn_below: Fraction = Fraction(1)
    dwell: int = 3_600
    cooling: int = 0

    @property
    def lasts(self) -> int:
        """Seconds from the first recovered look until it lifts."""
        return self.dwell + self.cooling


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many people of which groups it takes, and for how long things live (seconds)."""

    freeze: Quorum = ONE
    unfreeze: Quorum = ONE
    override: Quorum = ONE
    adjust: Quorum = ONE
    """To take a stretch of time out of the budget."""
    rollback: Quorum = ONE
    """To take a release back that the evidence is against."""
    retrain: Quorum = ONE
    """To start the pipeline of a retraining."""
    expires: int = 14_400
    """A request lives so long: approve by then."""
    usable: int = 14_400
    """A granted override may be used so long."""
    escalate_after: int = 1_800
    """Without a decision for so long, the fallback group is asked too."""
    fallback: str = ""
    """A group that may decide as well once it was escalated, or when nobody else can be found."""

    @classmethod
    def strictest(cls, all_of: Iterable["Approvals"]) -> "Approvals":
        """As many approvals and as short a time as the strictest asks in each."""
        found = list(all_of)
        return cls(
            strictest(one.freeze for one in found),
            strictest(one.unfreeze for one in found),
            strictest(one.override for one in found),
            strictest(one.adjust for one in found),
            strictest(one.rollback for one in found),
            strictest(one.retrain for one in found),
            min(one.expires for one in found),
            min(one.usable for one in found),
            min(one.escalate_after for one in found),
            next((one.fallback for one in found if one.fallback), ""),
        )


class Mode(StrEnum):
    """Whether the policy acts."""

    ENFORCE = "enforce"
    MONITOR = "monitor"
    """It only says what it would have done."""


class Rollback(StrEnum):
    """What follows once the evidence says that a release fails more than the one beside it."""

    ASK = "ask"
    AUTO = "auto"
    """Nobody is asked: what the specs name is done at once."""
    NEVER = "never"


class Blind(StrEnum):
    """What an unknown budget means for a release: unknown freezes nothing by itself (law 11)."""

    ALLOW = "allow"
    WARN = "warn"
    HOLD = "hold"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Exemption:
    """A kind of change that passes a freeze without an approval, if it is claimed by members of one
    of these groups (`anyone`: by whoever may ask)."""

    kind: ChangeKind
    claimed_by: tuple[str, ...] = (APPROVERS,)


ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Who may let a release through at once, whom that pages, and who reviews it by when."""

    groups: tuple[str, ...] = (ON_CALL, APPROVERS)
    pages: tuple[str, ...] = (ON_CALL,)
    reviewers: str = APPROVERS
    review_within: int = 3 * 86_400
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One budget policy."""

    name: str
    version: str
    """Hash of the text it was read from: stored with every decision made under it."""
    thresholds: tuple[Threshold, ...] = (
        Threshold(Fraction(25, 100), Then.WARN),
        Threshold(Fraction(0), Then.REQUEST_FREEZE),
    )
    alerts: tuple[BurnAlert, ...] | None = None
    """None: Google's, fitted to each objective."""
    on_page: Then = Then.WARN
    on_ticket: Then = Then.WARN
    on_alerts: tuple[OnAlert, ...] = ()
    """For objectives with certain labels; the loudest counts."""
    thaw: Thaw = Thaw()
    approvals: Approvals = Approvals()
    resolve_after: int = 600
    """Seconds without a firing alert after which an episode is over."""
    mode: Mode = Mode.ENFORCE
    exemptions: tuple[Exemption, ...] = (Exemption(ChangeKind.ROLLBACK, (ANYONE,)),)
    blind: tuple[tuple[str, Blind], ...] = ()
    """Per environment; others: WARN."""
    without_answer: Silences = ()
    """Per environment; others: what is built in."""
    break_glass: BreakGlass = BreakGlass()
    decider: str = ""
    """The group of which one decides a dispute. Empty: nobody is named, and a dispute takes what
    lifting the freeze takes; else it would be a way round that."""
    outside_causes: tuple[str, ...] = ()
    """Causes for which releases may go on although the budget is spent, each by an approved
    adjustment of the budget."""
    rollback: Rollback = Rollback.ASK
    request_price: Fraction = Fraction(1)
    """k of a trade-off: one lost request costs as much as so many wrong answers."""
    reserve: Fraction = Fraction(10, 100)
    """Share of every budget that a release must leave for a trade-off to be affordable."""

    def on(self, severity: Severity) -> Then:
        """What a burn alert of that severity leads to, once fitted to an objective (`fitted`)."""
        return self.on_page if severity is Severity.PAGE else self.on_ticket

    def fitted(self, labels: Mapping[str, str]) -> "Policy":
        """The policy as it applies to an objective with these labels."""
        if not self.on_alerts and not any(step.labels for step in self.thresholds):
            return self
        mine = frozenset(labels.items())
        steps = [step for step in self.on_alerts if step.labels <= mine]

        def loudest(severity: Severity) -> Then:
            found = [step.then for step in steps if step.severity is severity]
            return max([self.on(severity), *found], key=lambda then: then.rank)

        return replace(
            self,
            thresholds=tuple(step for step in self.thresholds if step.labels <= mine),
            on_page=loudest(Severity.PAGE),
            on_ticket=loudest(Severity.TICKET),
            on_alerts=(),
        )

    @property
    def gentle(self) -> "Policy":
        """The policy as it applies to drift, a reason to retrain and none to stop anybody: whatever
        it would do is to warn."""
        steps = tuple(replace(step, then=Then.WARN) for step in self.thresholds)
        return replace(self, thresholds=steps, on_page=Then.WARN, on_ticket=Then.WARN, on_alerts=())

    def when_blind(self, environment: str) -> Blind:
        """What an unknown budget means for a release into an environment."""
        return dict(self.blind).get(environment, Blind.WARN)

    def when_silent(self, environment: str) -> Silence | None:
        """What it says of releases into an environment while nobody answers; None: nothing."""
        found = {name.lower(): word for name, word in self.without_answer}
        return found.get(environment.lower())

    def exemption(self, kind: ChangeKind) -> Exemption | None:
        """The exemption for a kind of change."""
        return next((one for one in self.exemptions if one.kind is kind), None)

    @property
    def groups(self) -> frozenset[str]:
        """The groups of people that it names."""
        asked = self.approvals
        quorums = (
            asked.freeze, asked.unfreeze, asked.override, asked.adjust, asked.rollback,
            asked.retrain,
        )  # fmt: skip
        named = {group for quorum in quorums for group in quorum.groups}
        named |= {group for one in self.exemptions for group in one.claimed_by}
        glass = self.break_glass
        named |= {*glass.groups, *glass.pages, glass.reviewers, self.decider, asked.fallback}
        return frozenset(named - {"", ANYONE, DECIDERS, ON_CALL, APPROVERS})


DEFAULT = Policy("default", "builtin-1")
"""Warn, then ask people; never freeze by itself."""
