"""What people write for a counter is understood, or refused with what to write instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.measure.promql import NotCountable, counters, parse
from bot.measure.selector import Matcher, Selector

RANKER = Selector("http_requests_total", (Matcher("service", "=", "ranker"),))


@pytest.mark.parametrize(
    "query",
    [
        'http_requests_total{service="ranker"}',
        '(http_requests_total{service="ranker"})',
        'sum(http_requests_total{service="ranker"})',
        'sum by (code, pod) (http_requests_total{service="ranker"})',
        'sum without (pod) (rate(http_requests_total{service="ranker"}[5m]))',
        'increase(http_requests_total{service="ranker"}[1h])',
        'sum(increase(http_requests_total{service="ranker"}[30d]))',
        'sum(sum by (code) (http_requests_total{service="ranker"}))',
        '{__name__="http_requests_total",service="ranker"}',
        'sum(rate(http_requests_total{service="ranker"}[5m])) or vector(0)',
        'http_requests_total{service="ranker"} # all of them',
    ],
)
def test_a_counter_is_understood_in_every_usual_wrapping(query: str) -> None:
    assert counters(query) == (RANKER,)


def test_added_counters_are_each_counted() -> None:
    found = counters('sum(a_total{x="1"}) + (rate(b_total[5m]) + c_total)')
    assert [str(one) for one in found] == ['a_total{x="1"}', "b_total", "c_total"]


def test_a_counter_added_twice_counts_twice() -> None:
    assert counters("a_total + a_total") == (Selector("a_total"),) * 2


def test_every_kind_of_matcher_is_kept() -> None:
    (found,) = counters('a_total{d!~"x|y",c=~"5..",b!="2",a="1",z=""}')
    assert str(found) == 'a_total{a="1",b!="2",c=~"5..",d!~"x|y",z=""}'


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("a_total / b_total", "is a ratio"),
        ("a_total - b_total", "subtracts counters"),
        ("a_total * 2", "uses `*`"),
        ("a_total + 1", "adds something that is not a counter"),
        ("a_total + on (pod) b_total", "matches labels with `on`"),
        ("avg(a_total)", "uses avg()"),
        ("topk(3, a_total)", "uses topk()"),
        ("histogram_quantile(0.9, rate(a_bucket[5m]))", "uses histogram_quantile()"),
        ("irate(a_total[1m])", "uses irate()"),
        ("increase(sum(a_total)[5m:])", "does not survive the reset"),
        ("a_total offset 5m", "moves time"),
        ("sum(rate(a_total[5m] @ 1700000000))", "moves time"),
        ('{__name__=~"a_total|b_total"}', "without naming exactly one"),
        ('{service="ranker"}', "without naming exactly one"),
        ('a_total{x="1" or y="2"}', "joins matchers with `or`"),
        ("a_total or b_total", "uses `or`"),
        ("1", "is not a count of events"),
        ("a_total[5m]", "is not a count of events"),
        ("sum(a_total", "is not valid PromQL: unclosed left parenthesis"),
        ("rate(a_total)", "is not valid PromQL: expected type matrix"),
        ('a_total{code=~"5.["}', "is not valid PromQL: illegal regex"),
    ],
)
def test_what_cannot_be_counted_exactly_is_refused_with_a_remedy(query: str, problem: str) -> None:
    with pytest.raises(NotCountable) as refusal:
        counters(query)
    assert problem in refusal.value.problem
    assert refusal.value.remedy.endswith((".", "`."))


names = st.from_regex(r"[a-zA-Z_:][a-zA-Z0-9_:]{0,8}", fullmatch=True).filter(
    lambda name: (
        name.lower()
        not in {
            *("and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset", "atan2"),
            *("sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "topk", "bottomk"),
            *("quantile", "limitk", "inf", "nan", "start", "end", "step", "fill", "count_values"),
            *("group_left", "group_right", "limit_ratio", "fill_left", "fill_right"),
        }
    )
)
labels = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
equalities = st.builds(Matcher, labels, st.sampled_from(["=", "!="]), texts)


@given(names, st.lists(equalities, max_size=4))
def test_a_printed_selector_reads_back_as_itself(name: str, matchers: list[Matcher]) -> None:
    mine = Selector(name, tuple(sorted(m for m in matchers if m.label != "__name__")))
    assert counters(str(mine)) == (mine,)


@given(st.text(max_size=30))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    assert refusal_of(text) in ("", "is not valid PromQL")


def refusal_of(text: str) -> str:
    try:
        parse(text)
    except NotCountable as refusal:
        return refusal.problem.partition(":")[0]
    return ""
