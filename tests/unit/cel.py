"""The match conditions of the webhooks, evaluated by Google's CEL as the API server does."""

from pathlib import Path
from typing import Any

import yaml
from cel_expr_python import cel

FILE = Path(__file__).parents[2] / "integrations" / "kubernetes" / "webhook.yaml"
WEBHOOKS = {one["name"]: one for one in yaml.safe_load(FILE.read_text())["webhooks"]}
DYN, STRING, BOOL = cel.Type.DYN, cel.Type.STRING, cel.Type.BOOL


def _member(name: str, returns: cel.Type, *parameters: cel.Type) -> cel.FunctionDecl:
    def impl(asked: Any, *words: str) -> Any:
        if name == "allowed":
            return sorted(asked["rights"]) == sorted(asked["asked"])
        return {**asked, "asked": [*asked["asked"], *words]}

    overload = cel.Overload(
        f"dyn_{name}",
        return_type=returns,
        parameters=[cel.Type.MAP, *parameters],
        is_member=True,
        impl=impl,
    )
    return cel.FunctionDecl(name, [overload])


ENV = cel.NewEnv(
    variables=dict.fromkeys(("object", "oldObject", "request", "authorizer"), DYN),
    functions=[
        *(_member(name, DYN, STRING) for name in ("group", "resource", "namespace", "check")),
        _member("allowed", BOOL),
    ],
)
COMPILED = {
    name: {one["name"]: ENV.compile(one["expression"]) for one in hook["matchConditions"]}
    for name, hook in WEBHOOKS.items()
}
MAY = ["burnban.dev", "glass", "search", "break"]


def matches(hook: str, review: dict[str, Any], rights: list[str] | None = None) -> bool:
    """Whether a request is sent to a webhook: all of its conditions hold."""
    asked = review["request"]
    data = {
        "object": asked["object"],
        "oldObject": asked["oldObject"],
        "request": asked,
        "authorizer": {"rights": rights or [], "asked": []},
    }
    found = [one.eval(data=data).value() for one in COMPILED[hook].values()]
    assert all(isinstance(one, bool) for one in found), found
    return all(found)
