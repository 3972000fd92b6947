"""Which object of a cluster is which service."""

from bot.decide.cluster import MARK, Cluster, Holds

LABELLED = {"labels": {MARK: "ranker"}}


def test_the_label_or_the_annotation_says_which_service_it_is() -> None:
    cluster = Cluster("prod")
    assert cluster.services("Deployment", "search", "x", LABELLED) == ("ranker",)
    assert cluster.services("Deployment", "search", "x", {"annotations": {MARK: "recs"}}) == (
        "recs",
    )
    assert cluster.services("Deployment", "search", "x", {"labels": None}) == ()
    assert cluster.services("Deployment", "search", "x", {"labels": {MARK: 3}}) == ()
    assert cluster.services("Deployment", "search", "x", {"labels": {MARK: ""}}) == ()


def test_a_label_that_is_taken_off_in_the_same_change_still_counts() -> None:
    cluster = Cluster("prod")
    assert cluster.services("Model", "search", "x", {}, LABELLED) == ("ranker",)
    other = {"labels": {MARK: "recs"}}
    assert cluster.services("Model", "search", "x", other, LABELLED) == ("recs", "ranker")


def test_what_the_specs_say_goes_before_what_an_object_says_of_itself() -> None:
    rules = (
        Holds("search", ("ranker",), "Deployment", "ranker"),
        Holds("search", ("recs",), name="recs"),
        Holds("shared", ("ranker", "recs")),
    )
    cluster = Cluster("prod", rules)
    said = {"labels": {MARK: "evil"}}
    assert cluster.services("Deployment", "search", "ranker", said) == ("ranker",)
    assert cluster.services("StatefulSet", "search", "ranker", said) == ("evil",)
    assert cluster.services("StatefulSet", "search", "recs", said) == ("recs",)
    assert cluster.services("Rollout", "shared", "any", said) == ("ranker", "recs")
