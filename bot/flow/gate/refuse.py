"""A release was stopped: its author hears why and what to do; its team, where nobody knows who that
is in Slack."""

from collections.abc import Sequence
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.decide.change import typed
from bot.decide.gate_answer import Answer, Question
from bot.flow.facts import Facts, channel_of, epoch
from bot.flow.gate.reasons import reason_facts
from bot.flow.stopped import stopping, topic_of
from bot.flow.verdicts import Judged
from bot.ports import Act, Books, Outgoing


def tell_refusal(
    books: Books,
    catalog: Catalog,
    ops: str,
    question: Question,
    answer: Answer,
    judged: Sequence[Judged],
    seq: int,
    now: datetime,
    deployer: str,
    pending: Facts | None,
) -> None:
    """One message for each service and each set of freezes that stops its releases: to their author
    in private, if the identity map knows them, else into the channel of the team. Further releases
    that the same stops are told in its thread, the first ones one by one; of many only the number,
    for whoever may ask can invent as many as they like. Nobody is told of services that do not
    exist. `pending`: an override for the release that waits, if one does."""
    change = question.change
    if change.service not in catalog.services:
        return
    author = author_of(catalog, deployer)
    channel = author or channel_of(catalog, change.service, ops)
    if not channel:
        return
    topic = topic_of(books, change.service, answer, author, now)
    count = books.answers.stopped(topic, now)
    if not _told(count):
        return
    facts = refusal_facts(catalog, question, answer, judged, seq, deployer, pending)
    message = Outgoing(topic, channel, topic, Act.POST, "release_stopped", facts)
    if count > 1:
        more = {"count": count, "counted": count > ONE_BY_ONE, "last": count == ONE_BY_ONE}
        key, again = f"{topic}:{count}", "release_stopped_again"
        message = Outgoing(key, channel, topic, Act.REPLY, again, facts | more)
    books.outbox.put(message, now)


def _told(count: int) -> bool:
    """Each of the first; then at 10, 20, 50, 100, 200, 500 and so on."""
    return count <= ONE_BY_ONE or str(count).rstrip("0") in ("1", "2", "5")


def refusal_facts(
    catalog: Catalog,
    question: Question,
    answer: Answer,
    judged: Sequence[Judged],
    seq: int,
    deployer: str,
    pending: Facts | None = None,
) -> Facts:
    """The facts of `release_stopped`. `pending`: an override for it that waits, if one does."""
    change = question.change
    return {
        "service": change.service,
        "name": change.name,
        "word": typed(change),
        "kind": str(change.kind),
        "outcome": str(answer.outcome),
        **reason_facts(answer, judged),
        "freezes": stopping(answer),
        "next_open": epoch(answer.next_open),
        "expected_open": epoch(answer.expected_open),
        "author": author_of(catalog, deployer),
        "author_name": deployer,
        "decision": seq,
        "run": str(question.run),
        "pending": pending,
    }


def author_of(catalog: Catalog, deployer: str) -> str:
    """The Slack user id of who releases; empty if the identity map has none."""
    person = catalog.person_of(deployer) if deployer else None
    return next(iter(person.slack), "") if person is not None else ""


ONE_BY_ONE = 5
"""Releases stopped by the same that are told one by one."""
