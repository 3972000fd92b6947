"""What people do about a warning: they look, acknowledge, ask, decide and lift, in Slack."""

from dataclasses import dataclass

from bot.playground.model import Message
from bot.playground.seed import GUEST, LEAD, ONCALL, SCIENTIST
from tests.e2e.slack import ROOM, Slack, actions, tells, words

DATA_SCIENTIST, ON_CALL, TEAM_LEAD, VISITOR = SCIENTIST.id, ONCALL.id, LEAD.id, GUEST.id


@dataclass(frozen=True)
class Conversation:
    """One workspace and the warning that stands in it."""

    slack: Slack
    warning: Message

    def look(self) -> None:
        """Questions change nothing and are answered in private."""
        slack = self.slack
        status = slack.command(DATA_SCIENTIST, "/budget status")
        tells(status, "burning (page)")
        tells(status, "ranker · Requests that succeed")
        tells(slack.command(DATA_SCIENTIST, "/budget show ranker"), "target 99")
        tells(slack.command(DATA_SCIENTIST, "/budget stauts"), "Did you mean `status`?")
        tells(slack.command(DATA_SCIENTIST, "/budget show rankr"), "Did you mean `ranker`")
        tells(slack.command(DATA_SCIENTIST, "/budget help"), "/freeze ranker for 2h")
        details = slack.opens(ON_CALL, lambda: self._press(ON_CALL, "details"), "How fast it burns")
        tells(str(details.content["blocks"]), "burn")
        slack.sender.close(ON_CALL, details.id)

    def acknowledge(self) -> None:
        """The channel sees who looks after it."""
        tells(self.slack.click(ON_CALL, self.warning, "acknowledge"), "Acknowledged")
        self.slack.says(self.warning, f"acknowledged by <@{ON_CALL}>")
        assert "acknowledge" not in actions(self.slack.now(self.warning))

    def freeze_by_command(self) -> None:
        """A data scientist asks, the on-call approves; nobody else can."""
        slack = self.slack
        tells(slack.command(VISITOR, "/freeze ranker I want to"), "guests cannot")
        tells(
            slack.command(DATA_SCIENTIST, "/freeze ranker until 2020-01-01 12:00 too late"),
            "in the past",
        )
        asked = slack.command(DATA_SCIENTIST, "/freeze ranker for 2h version 38 looks wrong")
        tells(asked, "Asked to freeze service ranker")
        twin = slack.command(DATA_SCIENTIST, "/freeze ranker for 2h version 38 looks wrong")
        tells(twin, "asked already")
        request = slack.head("Freeze releases of service ranker?")
        tells(words(request), "version 38 looks wrong")
        tells(slack.click(DATA_SCIENTIST, request, "approve"), "somebody else must decide")
        tells(slack.click(VISITOR, request, "approve"), "guests cannot decide")
        tells(slack.click(ON_CALL, request, "approve"), "it takes effect now")
        slack.head("Releases of service ranker are frozen")
        slack.says(request, f"Approved by <@{ON_CALL}>")
        assert actions(slack.now(request)) == []

    def lift_by_two(self) -> None:
        """This team's policy wants two to lift a freeze, each of them once."""
        slack = self.slack
        frozen = slack.head("Releases of service ranker are frozen")
        asked = slack.command(DATA_SCIENTIST, "/unfreeze ranker version 38 is rolled back")
        tells(asked, "2 approvals needed")
        request = slack.head("Lift the freeze of service ranker?")
        tells(slack.click(ON_CALL, request, "approve"), "1 more is needed")
        tells(slack.click(ON_CALL, request, "approve"), "one vote a person")
        tells(slack.click(TEAM_LEAD, request, "approve"), "it takes effect now")
        slack.says(request, f"<@{TEAM_LEAD}>")
        slack.says(frozen, ": version 38 is rolled back")

    def freeze_by_form(self) -> None:
        """An approver who fills in the form has thereby decided."""
        slack = self.slack
        label = "What is to be frozen?"
        form = slack.opens(TEAM_LEAD, lambda: self._type(TEAM_LEAD, "/freeze"), label)
        entered = {
            "scope": {"scope": "service:ranker"},
            "until": {"until": "until yesterday"},
            "reason": {"reason": "the evaluation set leaked"},
        }
        refused = slack.sender.submit(TEAM_LEAD, form.id, entered)
        assert list(refused.notes) == ["until"]
        entered["until"] = {"until": "for 1h"}
        done = slack.submit(TEAM_LEAD, form, entered)
        tells(done, "Releases of service ranker are frozen from ")
        assert slack.space.modals.top(TEAM_LEAD) is None
        slack.head("the evaluation set leaked")

    def deny_by_form(self) -> None:
        """A denied request changes nothing."""
        slack = self.slack
        form = slack.opens(
            DATA_SCIENTIST, lambda: self._type(DATA_SCIENTIST, "/unfreeze"), "Which freeze?"
        )
        (choice,) = [b for b in form.content["blocks"] if b.get("block_id") == "freeze"]
        chosen = choice["element"]["option_groups"][0]["options"][0]["value"]
        entered = {"freeze": {"freeze": chosen}, "reason": {"reason": "it was another set"}}
        tells(slack.submit(DATA_SCIENTIST, form, entered), "Asked to lift")
        request = slack.head("it was another set")
        tells(slack.click(ON_CALL, request, "deny"), "denied")
        slack.says(request, f"Denied by <@{ON_CALL}>")
        tells(slack.command(DATA_SCIENTIST, "/budget status ranker"), ", frozen")

    def read_the_history(self) -> None:
        """Everybody may read what was decided."""
        told = self.slack.command(DATA_SCIENTIST, "/budget history ranker")
        tells(told, "Request denied")
        tells(told, "the evaluation set leaked")

    def all(self) -> None:
        """Everything, in the order in which a bad morning goes."""
        self.look()
        self.acknowledge()
        self.freeze_by_command()
        self.lift_by_two()
        self.freeze_by_form()
        self.deny_by_form()
        self.read_the_history()

    def _press(self, user: str, action: str) -> object:
        return self.slack.sender.click(user, self.warning.channel, self.warning.ts, action)

    def _type(self, user: str, line: str) -> object:
        return self.slack.sender.command(user, ROOM, line)


DECIDED = [
    "warning_opened",
    "warning_acknowledged",
    "freeze_requested",
    "vote_refused",
    "vote_refused",
    "vote_cast",
    "frozen",
    "unfreeze_requested",
    "vote_cast",
    "vote_refused",
    "vote_cast",
    "lifted",
    "frozen",
    "unfreeze_requested",
    "vote_cast",
    "request_denied",
]
"""The events that it leaves in the history, oldest first."""
