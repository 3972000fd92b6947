"""Tasks that budgets ask for: on every store the same."""

from dataclasses import replace

import pytest

from bot.decide.task import Task
from bot.ports import Record
from tests.record_samples import NOW, later

pytest_plugins = ["tests.record_stores"]

DRIFT = Task(0, "ranker/drift", "ranker", NOW, {"rows": [{"value": 0.31}]}, "UADA")


def opened(record: Record, task: Task = DRIFT) -> Task:
    found = record.write(lambda books: books.tasks.open(task))
    assert found is not None
    return found


def of(record: Record, number: int) -> Task:
    found = record.read(lambda books: books.tasks.get(number))
    assert found is not None
    return found


def test_a_task_comes_back_as_it_was_opened(record: Record) -> None:
    kept = opened(record)
    assert kept == replace(DRIFT, id=kept.id)
    assert of(record, kept.id) == kept
    assert record.read(lambda books: books.tasks.get(99)) is None


def test_of_one_objective_one_task_is_open_at_a_time(record: Record) -> None:
    first = opened(record)
    assert record.write(lambda books: books.tasks.open(DRIFT)) is None
    other = opened(record, replace(DRIFT, objective="recs/auc"))
    assert [one.id for one in record.read(lambda books: books.tasks.standing())] == [
        first.id,
        other.id,
    ]
    found = record.read(lambda books: books.tasks.currents(["ranker/drift", "x/y"]))
    assert found == {"ranker/drift": first}
    assert record.write(lambda books: books.tasks.close(first.id, later(60)))
    assert not record.write(lambda books: books.tasks.close(first.id, later(70)))
    assert of(record, first.id).closed_at == later(60)
    assert opened(record).id not in (first.id, other.id)


def test_a_task_belongs_to_whoever_took_it_last(record: Record) -> None:
    one = opened(record).id
    assert record.write(lambda books: books.tasks.take(one, "UADA", "ada", later(1)))
    assert not record.write(lambda books: books.tasks.take(one, "UADA", "ada", later(2)))
    assert record.write(lambda books: books.tasks.take(one, "UBEN", "ben", later(3)))
    found = of(record, one)
    assert (found.owner, found.owner_name, found.taken_at) == ("UBEN", "ben", later(3))


def test_of_two_who_remind_at_once_one_does(record: Record) -> None:
    one = opened(record).id
    assert record.write(lambda books: books.tasks.remind(one, later(60), None))
    assert not record.write(lambda books: books.tasks.remind(one, later(61), None))
    assert record.write(lambda books: books.tasks.remind(one, later(120), later(60)))
    assert of(record, one).reminded_at == later(120)


def test_what_happens_to_the_budget_and_the_pipeline_is_kept(record: Record) -> None:
    one = opened(record).id
    record.write(lambda books: books.tasks.recovering(one, later(5)))
    record.write(lambda books: books.tasks.ask(one, 7))
    found = of(record, one)
    assert (found.recovering_since, found.request) == (later(5), 7)
    record.write(lambda books: books.tasks.recovering(one, None))
    assert of(record, one).recovering_since is None


@pytest.mark.parametrize("what", ["take", "remind"])
def test_nothing_more_happens_to_a_closed_task(record: Record, what: str) -> None:
    one = opened(record).id
    record.write(lambda books: books.tasks.close(one, later(1)))
    before = of(record, one)
    if what == "take":
        assert not record.write(lambda books: books.tasks.take(one, "UBEN", "ben", later(2)))
    else:
        assert not record.write(lambda books: books.tasks.remind(one, later(2), None))
    record.write(lambda books: books.tasks.recovering(one, later(2)))
    assert of(record, one) == before
