"""What an object of Kubernetes runs: images, addresses of models, versions; and which change of
them is a release. Pure: JSON in, facts out. Fields: the API reference of Kubernetes, and the types
of KServe (v1beta1), Argo Rollouts (v1alpha1) and Seldon Core (mlops v1alpha1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Table = Mapping[str, Any]

ENVIRONMENT = ("MODEL_URI", "MODEL_VERSION", "STORAGE_URI")
"""Variables of a container that say which model it loads."""
PARTS = ("predictor", "transformer", "explainer")
"""Of an InferenceService."""
_PODS = ("containers", "initContainers")


class Sort(StrEnum):
    """What a value names."""

    IMAGE = "image"
    ADDRESS = "address"
    """Of a model."""
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class Runs:
    """One thing that an object runs, and where that stands."""

    place: str
    """`template/containers/app/image`: the same in the object before and after."""
    sort: Sort
    value: str


def runs_of(kind: str, thing: Table) -> tuple[Runs, ...]:
    """Everything that an object of this kind runs, in a fixed order; nothing for other kinds. What
    has another shape than it should is passed over: the API server has looked at the shape."""
    spec = _table(thing.get("spec"))
    if kind in ("Deployment", "StatefulSet", "Rollout"):
        found = _templated(kind, spec)
    elif kind == "InferenceService":
        found = _served(spec)
    elif kind == "Model":
        found = _model(spec)
    else:
        found = iter(())
    return tuple(sorted(found, key=lambda one: one.place))


def changed(kind: str, old: Table | None, new: Table) -> tuple[Runs, ...]:
    """What `new` runs and `old` did not run in that place; all of it for a new object. Empty: this
    is no release."""
    before = set(runs_of(kind, old)) if old is not None else set()
    return tuple(one for one in runs_of(kind, new) if one not in before)


def _templated(kind: str, spec: Table) -> Iterator[Runs]:
    yield from _pod("template", _table(_table(spec.get("template")).get("spec")))
    if kind == "Rollout":  # which Deployment it takes its template from
        name = _table(spec.get("workloadRef")).get("name")
        yield from _said("workloadRef", Sort.VERSION, name)


def _pod(place: str, spec: Table) -> Iterator[Runs]:
    for group in _PODS:
        for one in _rows(spec.get(group)):
            yield from _container(f"{place}/{group}/{one.get('name')}", one)
    for volume in _rows(spec.get("volumes")):
        image = _table(volume.get("image")).get("reference")
        yield from _said(f"{place}/volumes/{volume.get('name')}", Sort.IMAGE, image)


def _container(place: str, one: Table) -> Iterator[Runs]:
    yield from _said(f"{place}/image", Sort.IMAGE, one.get("image"))
    for variable in _rows(one.get("env")):
        name = variable.get("name")
        if name in ENVIRONMENT:
            sort = Sort.VERSION if name == "MODEL_VERSION" else Sort.ADDRESS
            said = variable.get("value") or _reference(variable.get("valueFrom"))
            yield from _said(f"{place}/env/{name}", sort, said)


def _reference(source: Any) -> str:
    """Where a variable has its value from, `ranker-model.uri`: what stands there is not in the
    object."""
    found = (one for one in _table(source).values() if isinstance(one, Mapping))
    one = next(found, {})
    said = (one.get("name"), one.get("key") or one.get("fieldPath") or one.get("resource"))
    return ".".join(str(part) for part in said if part)


def _served(spec: Table) -> Iterator[Runs]:
    """Each part of an InferenceService is a pod, with a model beside its containers."""
    for part in PARTS:
        own = _table(spec.get(part))
        yield from _pod(part, own)
        for name, section in own.items():
            if isinstance(section, Mapping):
                yield from _section(f"{part}/{name}", section)


def _section(place: str, section: Table) -> Iterator[Runs]:
    yield from _container(place, section)
    yield from _pod(place, section)
    yield from _said(f"{place}/storageUri", Sort.ADDRESS, section.get("storageUri"))
    for row in _rows(section.get("storageUris")):
        yield from _said(
            f"{place}/storageUris/{row.get('mountPath')}", Sort.ADDRESS, row.get("uri")
        )
    path = _table(section.get("storage")).get("path")
    yield from _said(f"{place}/storage/path", Sort.ADDRESS, path)
    yield from _said(f"{place}/runtimeVersion", Sort.VERSION, section.get("runtimeVersion"))


def _model(spec: Table) -> Iterator[Runs]:
    yield from _said("storageUri", Sort.ADDRESS, spec.get("storageUri"))
    yield from _said("artifactVersion", Sort.VERSION, spec.get("artifactVersion"))


def _said(place: str, sort: Sort, value: Any) -> Iterator[Runs]:
    if isinstance(value, str | int) and value != "":
        yield Runs(place, sort, str(value))


def _table(value: Any) -> Table:
    return value if isinstance(value, Mapping) else {}


def _rows(value: Any) -> Iterator[Table]:
    yield from (row for row in (value if isinstance(value, list) else ()) if isinstance(row, dict))
