"""Many clicks in one transaction end as they would one after the other, on every store."""

from dataclasses import replace

from bot.decide.approval import Answer, Choice, Request, RequestState, Ruling
from bot.decide.ballot import asked_of
from bot.errors import Repeated, UserError
from bot.flow.ask.count import Click, count
from bot.flow.ask.deciders import look_up
from bot.ports import Act, Outgoing, Record
from tests.deciding import OPS, V38, Stage, user
from tests.record_samples import NOW, outgoing

pytest_plugins = ["tests.record_stores"]


def click(
    stage: Stage, request: Request, by: str, once: str = "", choice: Choice = Choice.APPROVE
) -> Click:
    catalog = stage.catalog()
    groups = asked_of(request, "")
    standing = look_up(stage.directory, catalog, request.scope, user(by), groups)
    return Click(request.id, choice, standing, stage.actor(by), catalog, once)


def counted(stage: Stage, *clicks: Click) -> list[Answer | type[Exception]]:
    found = count(stage.record, stage.clock, OPS, clicks)
    return [one.answer if isinstance(one, Ruling) else type(one) for one in found]


def asked(stage: Stage) -> tuple[Request, Request]:
    """For two releases through one freeze; each takes the on-call and an approver."""
    stage.freeze()
    return stage.asked(), stage.asked(replace(V38, version="39"))


def test_each_sees_what_those_before_it_came_to(record: Record) -> None:
    stage = Stage(record)
    one, other = asked(stage)
    found = counted(
        stage,
        click(stage, one, "ada"),
        click(stage, other, "lead", choice=Choice.DENY),
        click(stage, one, "ada"),
        click(stage, one, "max"),
        click(stage, one, "lead"),
        click(stage, one, "ben"),
        click(stage, other, "ada"),
    )
    assert found == [
        Answer.COUNTED, Answer.DECIDED, Answer.ALREADY_VOTED, Answer.NOT_A_DECIDER, Answer.DECIDED,
        Answer.CLOSED, Answer.CLOSED,
    ]  # fmt: skip
    states = stage.states([one.id, other.id])
    assert states == {one.id: RequestState.APPROVED, other.id: RequestState.DENIED}
    assert stage.votes([one.id]) == {one.id: {"ada": "approve", "lead": "approve"}}
    assert stage.events()[3:] == [
        "vote_cast", "vote_cast", "request_denied", "vote_refused", "vote_refused", "vote_cast",
        "override_granted", "vote_refused", "vote_refused",
    ]  # fmt: skip
    assert stage.sound()


def test_a_click_that_comes_twice_counts_once_in_one_transaction_and_in_the_next(
    record: Record,
) -> None:
    stage = Stage(record)
    one, other = asked(stage)
    first, second = click(stage, one, "ada", "c1"), click(stage, other, "ada", "c2")
    assert counted(stage, first, first, second) == [Answer.COUNTED, Repeated, Answer.COUNTED]
    assert counted(stage, second, click(stage, one, "lead", "c3")) == [Repeated, Answer.DECIDED]


def test_a_click_that_cannot_be_counted_spoils_no_other(record: Record) -> None:
    stage = Stage(record)
    one, other = asked(stage)
    lost = replace(click(stage, one, "ada", "c1"), request=999)
    clicks = [click(stage, one, "ada"), lost, click(stage, other, "ada")]
    assert counted(stage, *clicks) == [Answer.COUNTED, UserError, Answer.COUNTED]
    assert record.read(lambda books: books.requests.several([one.id, 999])).keys() == {one.id}
    # What made it that click was not stored either.
    assert counted(stage, click(stage, one, "lead", "c1")) == [Answer.DECIDED]


def test_messages_put_together_are_as_if_put_one_after_the_other(record: Record) -> None:
    def edit(says: str) -> Outgoing:
        return replace(outgoing("t:edit", topic="t", facts={"says": says}), act=Act.EDIT)

    post = outgoing("t", topic="t", facts={"says": "posted"})
    record.write(lambda books: books.outbox.put_all([post, edit("first"), post, edit("last")], NOW))
    record.write(lambda books: books.outbox.put_all([edit("newest")], NOW))
    assert record.read(lambda books: books.outbox.backlog(NOW)) == (2, 0.0)
    head = record.write(lambda books: books.outbox.claim(NOW, 15.0, "w"))
    assert head is not None
    assert head.outgoing.act is Act.POST
    record.write(lambda books: books.outbox.sent(head, "C1", "1.1", "d", NOW))
    found = record.write(lambda books: books.outbox.claim(NOW, 15.0, "w"))
    assert found is not None
    assert found.outgoing.facts == {"says": "newest"}


def test_of_many_receipts_those_are_told_that_were_not_there(record: Record) -> None:
    assert record.write(lambda books: books.receipts.first_times(["a", "b"], NOW)) == {"a", "b"}
    assert record.write(lambda books: books.receipts.first_times(["b", "c"], NOW)) == {"c"}
    assert record.write(lambda books: books.receipts.first_times([], NOW)) == set()
