"""Who is in a group now: its own rotas first, then those that stand in; never anybody else."""

from collections.abc import Collection, Mapping, Sequence

import pytest

from bot.decide.people import Group, Rota, RotaKind
from bot.decide.quorum import DECIDERS, Need
from bot.decide.roster import LISTED, Found, Members, enough, gather, together
from bot.errors import DeliveryError

ON_CALL = Rota(RotaKind.SCHEDULE, "P123")
POLICY = Rota(RotaKind.ESCALATION, "PESC")
LEADS = Group(("S2",), name="leads")


class Asked:
    """Rotas that name these people; those that are not in the mapping do not answer."""

    def __init__(self, named: Mapping[str, Collection[str]]) -> None:
        self.named = named
        self.rotas: list[str] = []

    def __call__(self, rota: Rota) -> Found:
        self.rotas.append(rota.id)
        if rota.id not in self.named:
            raise DeliveryError("HTTP 503")
        return Found(frozenset(self.named[rota.id]), f"{rota}, asked at 10:04:05Z")


def chain(*steps: Group) -> Group:
    """Each stands in for the one before it."""
    first, *rest = steps
    stands_in = chain(*rest) if rest else None
    return Group(first.usergroups, first.users, first.on_call, stands_in, first.name)


def test_the_first_that_names_somebody_decides_and_the_rest_is_not_asked() -> None:
    ask = Asked({"P123": ["UADA"], "S2": ["ULEAD"]})
    members = gather(chain(Group(on_call=(ON_CALL,)), LEADS), ask)
    assert members.ids == {"UADA"}
    assert members.how("UADA") == "PagerDuty schedule P123, asked at 10:04:05Z"
    assert members.how("ULEAD") is None
    assert ask.rotas == ["P123"]
    assert members.doubt is None


def test_where_nobody_is_named_the_fallback_counts_and_says_why() -> None:
    ask = Asked({"P123": [], "S2": ["ULEAD"]})
    members = gather(chain(Group(on_call=(ON_CALL,)), LEADS), ask)
    assert members.how("ULEAD") == (
        "user group S2, asked at 10:04:05Z (fallback group leads:"
        " PagerDuty schedule P123, asked at 10:04:05Z, names nobody)"
    )
    assert members.doubt is None


def test_where_nobody_answers_the_fallback_counts_and_says_why() -> None:
    ask = Asked({"S2": ["ULEAD"]})
    members = gather(chain(Group(on_call=(ON_CALL,)), Group(("S2",))), ask)
    assert members.how("ULEAD") == (
        "user group S2, asked at 10:04:05Z"
        " (fallback: PagerDuty schedule P123 did not answer: HTTP 503)"
    )
    assert members.doubt is None
    assert members.ids == {"ULEAD"}


def test_if_nothing_answers_nobody_belongs_and_it_is_doubtful() -> None:
    members = gather(chain(Group(on_call=(ON_CALL, POLICY)), Group(("S2",))), Asked({}))
    assert members.ids == frozenset()
    assert str(members.doubt) == "HTTP 503"


def test_an_empty_fallback_does_not_take_the_doubt_away() -> None:
    members = gather(chain(Group(on_call=(ON_CALL,)), LEADS), Asked({"S2": []}))
    assert members.ids == frozenset()
    assert members.doubt is not None


def test_if_all_are_empty_nobody_belongs_for_certain() -> None:
    members = gather(chain(Group(on_call=(ON_CALL,)), LEADS), Asked({"P123": [], "S2": []}))
    assert members == Members()


def test_one_rota_of_several_that_does_not_answer_spoils_only_a_no() -> None:
    ask = Asked({"S2": ["UBEN"]})
    members = gather(Group(("S1", "S2")), ask)
    assert members.how("UBEN") == "user group S2, asked at 10:04:05Z"
    assert members.doubt is not None


def test_beside_a_rota_that_does_not_answer_the_fallback_counts_too() -> None:
    ask = Asked({"S2": ["UBEN"], "PESC": ["ULEAD"]})
    members = gather(chain(Group(("S1", "S2")), Group(on_call=(POLICY,))), ask)
    assert members.ids == {"UBEN", "ULEAD"}
    assert members.doubt is None


def test_who_is_listed_needs_no_asking() -> None:
    ask = Asked({})
    members = gather(Group(("S1",), ("UBEN",)), ask, wanted="UBEN")
    assert members.how("UBEN") == LISTED
    assert ask.rotas == []


def test_once_the_one_is_found_nothing_more_is_asked() -> None:
    ask = Asked({"S1": ["UADA"], "S2": ["UBEN"]})
    assert gather(Group(("S1", "S2")), ask, wanted="UADA").how("UADA")
    assert ask.rotas == ["S1"]


def test_who_is_found_though_another_rota_is_silent_belongs() -> None:
    members = gather(Group(("S1", "S2", "S3")), Asked({"S2": ["UADA"]}), wanted="UADA")
    assert members.how("UADA") == "user group S2, asked at 10:04:05Z"


def test_where_only_those_are_named_who_may_not_decide_the_fallback_counts_too() -> None:
    ask = Asked({"P123": ["UADA"], "S2": ["ULEAD"]})
    group = chain(Group(on_call=(ON_CALL,)), LEADS)
    members = gather(group, ask, lambda ids: any(one != "UADA" for one in ids))
    assert members.ids == {"UADA", "ULEAD"}
    assert str(members.how("ULEAD")).endswith(
        "(fallback group leads: PagerDuty schedule P123, asked at 10:04:05Z,"
        " names nobody else who may decide)"
    )


def test_a_group_knows_what_to_ask_each_once() -> None:
    group = Group(("S1", "S1"), on_call=(ON_CALL, ON_CALL, POLICY))
    assert [str(rota) for rota in group.rotas] == [
        "user group S1",
        "PagerDuty schedule P123",
        "PagerDuty escalation policy PESC",
    ]


@pytest.mark.parametrize(
    ("group", "somebody"),
    [
        (Group(), False),
        (Group(on_call=(ON_CALL,)), True),
        (chain(Group(), Group(users=("U1",))), True),
        (chain(Group(), Group()), False),
    ],
)
def test_a_group_is_empty_if_neither_it_nor_a_fallback_names_anybody(
    group: Group, somebody: bool
) -> None:
    assert bool(group) is somebody


def test_several_groups_together_hold_everybody_and_any_doubt() -> None:
    one = gather(Group(("S1",)), Asked({"S1": ["UADA"]}))
    two = gather(Group(("S2",)), Asked({"S2": ["UADA", "UBEN"]}))
    silent = gather(Group(("S3",)), Asked({}))
    every = together([one, two])
    assert every.ids == {"UADA", "UBEN"}
    assert every.how("UADA") == "user group S1, asked at 10:04:05Z"
    assert every.evidence == (
        "user group S1, asked at 10:04:05Z; user group S2, asked at 10:04:05Z"
    )
    assert every.doubt is None
    assert together([one, silent, two]).doubt is silent.doubt
    assert together([]) == Members()


BOTH = (Need("on-call", 1), Need("leads", 1))


@pytest.mark.parametrize(
    ("needs", "eligible", "would_do"),
    [
        ((Need(DECIDERS, 1),), {DECIDERS: {"ada"}}, True),
        ((Need(DECIDERS, 2),), {DECIDERS: {"ada"}}, False),
        ((Need(DECIDERS, 1),), {DECIDERS: set()}, False),
        ((Need(DECIDERS, 1),), {}, False),
        (BOTH, {"on-call": {"ada"}, "leads": {"lea"}}, True),
        (BOTH, {"on-call": {"ada"}, "leads": {"ada"}}, False),
        (BOTH, {"on-call": {"ada", "lea"}, "leads": {"lea"}}, True),
        (BOTH, {"on-call": {"lea"}, "leads": {"ada", "lea"}}, True),
        ((Need("on-call", 2), Need("leads", 1)), {"on-call": {"a", "b"}, "leads": {"a"}}, False),
    ],
)
def test_enough_people_may_decide_if_each_need_finds_its_own(
    needs: Sequence[Need], eligible: Mapping[str, Collection[str]], would_do: bool
) -> None:
    assert enough(needs, eligible) is would_do
