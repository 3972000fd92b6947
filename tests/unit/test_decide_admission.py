"""Reviews of the API server: what is read, what is judged, what is answered."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.admission import Admission, Review, answered, line, read_review, shown
from bot.decide.github_events import Malformed
from tests.admission import IMAGE, NEW, OLD, Object, annotated, review, scaled, workload

MACHINE = "system:serviceaccount:kserve:kserve-controller-manager"


def read(*args: Any, **how: Any) -> Review:
    return read_review(review(*args, **how))


def test_a_review_is_read() -> None:
    found = read(NEW, OLD, dry_run=True)
    assert (found.kind, found.namespace, found.name) == ("Deployment", "search", "ranker")
    assert (found.user, found.dry_run, found.operation) == ("ada@example.com", True, "UPDATE")
    assert [one.value for one in found.releases] == [f"{IMAGE}:39"]


def test_a_new_object_is_a_release_also_when_its_name_is_only_to_be_made() -> None:
    said = review(NEW)
    said["request"]["name"] = ""
    said["request"]["object"] = {**NEW, "metadata": {"generateName": "ranker-"}}
    found = read_review(said)
    assert found.name == "ranker-"
    assert found.releases


@pytest.mark.parametrize(
    "how",
    [
        {"operation": "DELETE"},
        {"operation": "CONNECT"},
        {"part": "status"},
        {"part": "scale"},
    ],
)
def test_deletions_and_subresources_release_nothing(how: dict[str, str]) -> None:
    assert read(NEW, OLD, **how).releases == ()


def test_a_deletion_has_no_object() -> None:
    assert read(None, OLD, operation="DELETE").releases == ()


def test_scaling_releases_nothing() -> None:
    assert read(scaled(OLD), OLD).releases == ()


def owned(api: str, kind: str, controller: object = True, *, image: str = f"{IMAGE}:39") -> Object:
    owner = {"apiVersion": api, "kind": kind, "name": "x", "uid": "1", "controller": controller}
    return workload(image, ownerReferences=[owner])


def test_what_a_controller_makes_of_an_object_that_was_judged_is_not_judged_again() -> None:
    known = "serving.kserve.io/v1beta1", "InferenceService"
    made, before = owned(*known), owned(*known, image=f"{IMAGE}:38")
    assert read(made, before, user=MACHINE).releases == ()
    assert read(made, None, user=MACHINE).releases == ()
    assert read(made, before, user="ada").releases != ()
    assert read(owned("evil.example/v1", "InferenceService"), None, user=MACHINE).releases != ()
    assert read(owned(*known, "yes"), before, user=MACHINE).releases != ()
    assert read(workload(f"{IMAGE}:39", ownerReferences="x"), OLD, user=MACHINE).releases != ()


@pytest.mark.parametrize("user", ["system:serviceaccount:search:deployer", "ada", ""])
def test_whoever_is_no_known_controller_forges_no_owner(user: str) -> None:
    """Neither on a new object, nor on one that bore the forged owner before."""
    forged = owned("serving.kserve.io/v1beta1", "InferenceService")
    before = owned("serving.kserve.io/v1beta1", "InferenceService", image=f"{IMAGE}:38")
    assert read(forged, user=user).releases != ()
    assert read(forged, before, user=user).releases != ()


def test_only_the_controllers_that_the_cluster_names_are_believed() -> None:
    made, own = owned("flagger.app/v1beta1", "Canary"), "system:serviceaccount:mesh:flagger"
    assert read_review(review(made, user=own), {own}).releases == ()
    assert read_review(review(made, user=MACHINE), {own}).releases != ()
    assert read_review(review(made, user=MACHINE), ()).releases != ()


def test_what_a_workflow_deploys_is_judged_for_nobody_has_judged_the_workflow() -> None:
    for api, kind in (
        ("argoproj.io/v1alpha1", "Workflow"),
        ("argoproj.io/v1alpha1", "Application"),
        ("machinelearning.seldon.io/v1", "SeldonDeployment"),
    ):
        assert read(owned(api, kind), None, user=MACHINE).releases != ()


def test_no_change_gives_itself_an_owner() -> None:
    made = owned("serving.kserve.io/v1beta1", "InferenceService")
    assert read(made, OLD, user=MACHINE).releases != ()


def test_a_change_is_followed_by_what_its_object_runs_and_is_to_run() -> None:
    step = read(NEW, OLD).step("prod")
    assert step is not None
    assert (step.place, step.uid, step.generation) == ("prod/Deployment/search/ranker", "u-1", 5)
    assert [one.value for one in step.new] == [f"{IMAGE}:39"]
    assert [one.value for one in step.old] == [f"{IMAGE}:38"]


def test_nothing_follows_from_what_is_tried_deleted_or_made_by_a_controller() -> None:
    assert read(NEW, OLD, dry_run=True).step("prod") is None
    assert read(None, OLD, operation="DELETE").step("prod") is None
    assert read(owned("flagger.app/v1beta1", "Canary"), OLD).step("prod") is None


def test_the_same_attempt_has_the_same_mark_and_a_later_one_another() -> None:
    first = read(NEW, OLD).attempt
    assert read(annotated(NEW, ticket="ML-1"), OLD, uid="other").attempt == first
    assert first.startswith("Deployment/search/ranker/")
    later = workload(generation=7)
    assert read(NEW, later).attempt != first
    assert read(workload(f"{IMAGE}:40"), OLD).attempt != first
    assert read(NEW).attempt != first


def test_the_annotation_for_emergencies_counts_while_it_is_new() -> None:
    broken = annotated(NEW, break_glass="INC-7 nobody gets results")
    assert read(broken, OLD).glass == "INC-7 nobody gets results"
    assert read(broken).glass == "INC-7 nobody gets results"
    assert read(broken, annotated(OLD, break_glass="INC-7 nobody gets results")).glass == ""
    assert read(broken, annotated(OLD, break_glass="INC-6 before")).glass.startswith("INC-7")
    assert read(NEW, OLD).glass == ""
    assert read(None, OLD, operation="DELETE").glass == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uid", None),
        ("uid", ""),
        ("uid", 7),
        ("uid", "x" * 200),
        ("uid", "a\nb"),
        ("operation", None),
        ("operation", ["CREATE"]),
        ("operation", "create"),
        ("kind", None),
        ("kind", {"kind": ""}),
        ("kind", {"kind": "a/b"}),
        ("kind", {"kind": 1}),
        ("object", None),
        ("object", [1]),
        ("oldObject", None),
        ("oldObject", "x"),
    ],
)
def test_a_review_without_what_it_must_have_is_refused(field: str, value: object) -> None:
    said = review(NEW, OLD)
    said["request"][field] = value
    with pytest.raises(Malformed):
        read_review(said)


@pytest.mark.parametrize("said", [{}, {"apiVersion": "admission.k8s.io/v1beta1"}, {"request": 1}])
def test_what_is_no_review_of_this_version_is_refused(said: Object) -> None:
    with pytest.raises(Malformed, match=r"admission\.k8s\.io/v1"):
        read_review(said)


@given(st.dictionaries(st.sampled_from(list(review(NEW, OLD)["request"])), st.text() | st.none()))
def test_no_review_is_too_odd_to_be_read_or_refused(odd: Object) -> None:
    said = review(NEW, OLD)
    said["request"] |= odd
    try:
        found = read_review(said)
    except Malformed:
        return
    assert found.uid == said["request"]["uid"]
    assert found.attempt


def test_the_answer_bears_the_uid_and_only_what_there_is_to_say() -> None:
    assert answered("u", Admission(allowed=True)) == {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "response": {"uid": "u", "allowed": True},
    }
    denied = answered("u", Admission(False, 403, "no", ("w" * 200,), {"decision": "7"}))
    assert denied["response"] == {
        "uid": "u",
        "allowed": False,
        "status": {"code": 403, "message": "no"},
        "warnings": ["w" * 119 + "…"],
        "auditAnnotations": {"decision": "7"},
    }


@given(st.text())
def test_a_warning_fits_in_a_line_of_120_characters(text: str) -> None:
    found = shown(text)
    assert len(found) <= 120
    assert not set(found) & {"\n", "\r", "\x00"}


def test_text_in_one_line() -> None:
    assert line("a\nb\x00") == "a b"
    assert line("x" * 500) == "x" * 300
    assert line(None) == line(7) == ""
