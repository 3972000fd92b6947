"""MLflow's registry of models: where aliases and stages stand, and moving an alias back. Source:
mlflow.org/docs/latest/rest-api."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.decide.outside import Registry
from bot.errors import ConfigError, Refused
from bot.notify.hosts.wire import Answer, Wire
from bot.ports.hosts import Registered

_BASE = "/api/2.0/mlflow/registered-models"


class MLflow:
    """One registry. Satisfies bot.ports.hosts.RegistryHost."""

    def __init__(
        self,
        spec: Registry,
        secrets: Callable[[str], str],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._spec, self._secrets = spec, secrets
        self._wire = Wire(spec.url, lambda: now().timestamp(), monotonic)

    def model(self, name: str) -> Registered:
        """Of several versions in a stage the newest counts."""
        said = self._call("GET", "/get", None, {"name": name}).table().get("registered_model")
        found = said if isinstance(said, Mapping) else {}
        aliases = {
            str(row.get("alias")): str(row.get("version")) for row in _rows(found, "aliases")
        }
        versions = sorted(_rows(found, "latest_versions"), key=_number)
        stages = {str(row.get("current_stage")): str(row.get("version")) for row in versions}
        return Registered(aliases, stages)

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """It stands there from now on, wherever it stood."""
        self._call("POST", "/alias", {"name": model, "alias": alias, "version": version})

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Answer:
        headers = {}
        if self._spec.key_env:
            try:
                headers["Authorization"] = f"Bearer {self._secrets(self._spec.key_env)}"
            except ConfigError as error:
                fault = error.faults[0]
                raise Refused("no_key", f"{fault.where} {fault.problem}") from None
        return self._wire.call(method, _BASE + path, headers, body, query)


def _rows(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = said.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _number(row: Mapping[str, Any]) -> int:
    version = str(row.get("version"))
    return int(version) if version.isascii() and version.isdecimal() else 0
