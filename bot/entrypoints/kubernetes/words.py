"""What a cluster is told about a change, and whoever made it."""

from bot.decide.admission import Admission
from bot.decide.catalog import Catalog
from bot.decide.change import Change, typed
from bot.decide.gate_answer import Outcome
from bot.errors import Contradicted, Forbidden, NoSuch, UserError
from bot.flow.gate.admit import Ruling
from bot.flow.gate.sitting import GateAnswer

_SHOWN = 4
"""Warnings at once."""


def told(ruling: Ruling, catalog: Catalog) -> Admission:
    """The ruling in words: a refusal says why and what to do, a warning what to know."""
    answers = ruling.answers
    decisions = [str(one.facts["decision_id"] or "none") for _, one in answers]
    notes = {"decision": ",".join(decisions)} if decisions else {}
    notes |= {"outcome": ",".join(str(one.outcome) for _, one in answers)} if answers else {}
    if ruling.goes:
        found = [one.facts["sentence"] for _, one in answers if one.outcome is Outcome.WARN]
        said = [ruling.sentence] if ruling.sentence else []
        return Admission(allowed=True, warnings=tuple([*said, *found][:_SHOWN]), notes=notes)
    stopped = [(change, one) for change, one in answers if not one.outcome.goes]
    parts = [refusal(change, one, catalog) for change, one in stopped]
    parts += [f"{ruling.sentence}."] if ruling.sentence else []
    return Admission(False, 403, " ".join(parts), notes=notes)


def refusal(change: Change, answer: GateAnswer, catalog: Catalog) -> str:
    """Why it may not go, until when, and what to do."""
    facts = answer.facts
    opens = facts["next_open"]
    parts = [f"{facts['sentence']}.", f"It opens by itself at {opens}." if opens else ""]
    frozen = any(one["freeze_id"] is not None for one in facts["reasons"])
    if frozen and change.service in catalog.services:
        team = catalog.team_of(change.service)
        where = f" in {team.channel}" if team is not None and team.channel else ""
        word = typed(change) or "VERSION"
        parts.append(f"To let it through: /override {change.service} {word} WHY{where}.")
    if facts["decision_id"]:
        parts.append(f"(Burnban, decision {facts['decision_id']})")
    return " ".join(part for part in parts if part)


def refused(error: UserError) -> Admission:
    """What cannot be asked like this."""
    codes = ((Forbidden, 403), (NoSuch, 404), (Contradicted, 409))
    code = next((code for kind, code in codes if isinstance(error, kind)), 400)
    example = f" Example: {error.example}" if error.example else ""
    return Admission(allowed=False, code=code, message=f"{error.sentence}{example}")
