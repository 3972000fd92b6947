"""Objects of clusters that are followed: on every store the same."""

from dataclasses import replace

from bot.decide.followed import Workload
from bot.ports import Books, Record
from tests.record_samples import NOW, later

pytest_plugins = ["tests.record_stores"]

ONE = Workload(
    "k1", "prod/Deployment/search/ranker", "u-1", 2**53 - 1, frozenset({"aa", "bb"}), NOW
)


def put(record: Record, *some: Workload) -> None:
    def work(books: Books) -> None:
        for one in some:
            books.workloads.put(one)

    record.write(work)


def known(record: Record, *keys: str) -> dict[str, Workload]:
    return record.read(lambda books: books.workloads.find(keys))


def test_an_object_comes_back_as_it_was_put(record: Record) -> None:
    bare = replace(ONE, key="k2", uid="", generation=0, runs=frozenset())
    put(record, ONE, bare)
    assert known(record, "k1", "k2", "k3") == {"k1": ONE, "k2": bare}
    assert known(record) == {}


def test_what_is_put_later_takes_the_place_of_what_was_there(record: Record) -> None:
    put(record, ONE)
    fresh = replace(ONE, generation=7, runs=frozenset({"cc"}), at=later(5))
    put(record, fresh)
    assert known(record, "k1") == {"k1": fresh}


def test_what_was_put_is_found_in_the_same_transaction(record: Record) -> None:
    def work(books: Books) -> dict[str, Workload]:
        books.workloads.put(ONE)
        return books.workloads.find(["k1"])

    assert record.write(work) == {"k1": ONE}


def test_those_that_nothing_was_heard_of_are_forgotten(record: Record) -> None:
    put(record, ONE, replace(ONE, key="k2", at=later(10)))
    assert record.write(lambda books: books.workloads.forget(later(10))) == 1
    assert list(known(record, "k1", "k2")) == ["k2"]
