"""Runners of CI systems, as far as a step of a shell notices: expressions, inputs, the files for
outputs, and a service that gives the run its identity."""

import json
import os
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

from bot.clock import SystemClock
from tests.httpserver import Conversation
from tests.issuer import Issuer

ROOT = Path(__file__).parents[2]
INTEGRATIONS = ROOT / "integrations"
SHA = "a" * 40
_EXPRESSION = re.compile(r"\$\{\{ *([a-z.\-]+) *\}\}")


def wheel(folder: Path) -> Path:
    """Of this checkout."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("burnban-*.whl")
    return found


def borrow(venv: Path) -> None:
    """Dependencies come from the environment of the tests: no network is needed."""
    (own,) = (venv / "lib").glob("python*/site-packages")
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (own / "borrowed.pth").write_text("\n".join(ours))


@dataclass
class Identities:
    """A handler for BadServer: the keys of an issuer, and identities for whoever bears the key of
    the runner."""

    issuer: Issuer
    claims: dict[str, str] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    """The audiences that were asked for."""

    def __call__(self, talk: Conversation) -> None:
        url = urlsplit(talk.request.path)
        if url.path != "/token":
            self.issuer.answer(talk)
        elif talk.request.headers.get("authorization") != "Bearer runner-key":
            talk.answer("{}", "401 Unauthorized")
        else:
            (audience,) = parse_qs(url.query)["audience"]
            self.given.append(audience)
            talk.answer(json.dumps({"value": self.identity(audience)}))

    def identity(self, audience: str) -> str:
        """What a run would bear."""
        now = SystemClock().now().timestamp()
        return self.issuer.identity(now, aud=audience, **self.claims)


@dataclass(frozen=True)
class Step:
    """How a step ended."""

    code: int
    log: str
    outputs: dict[str, str]


@dataclass(frozen=True)
class Job:
    """A job of GitHub Actions with `id-token: write`, on a runner of its own."""

    temp: Path
    identities: str
    """Where the run gets its identity."""

    def run(self, step: dict[str, Any], inputs: dict[str, str], **more: str) -> Step:
        """One `run` step, as bash gets it from the runner."""
        env = {name: _filled(word, inputs) for name, word in step.get("env", {}).items()}
        said = self.temp / "said"
        said.write_text("")
        script = self.temp / "step.sh"
        script.write_text(_filled(step["run"], inputs))
        surroundings = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.temp),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_SHA": SHA,
            "GITHUB_OUTPUT": str(said),
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.identities}/token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "runner-key",
            "NO_PROXY": "127.0.0.1",
        }
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(
            words, env=surroundings | env | more, cwd=self.temp, text=True, timeout=120,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        lines = said.read_text().splitlines()
        return Step(done.returncode, done.stdout, dict(line.split("=", 1) for line in lines))


def action() -> dict[str, Any]:
    """What users name in their workflow."""
    found: dict[str, Any] = yaml.safe_load((INTEGRATIONS / "github" / "action.yml").read_text())
    return found


def _filled(text: str, inputs: dict[str, str]) -> str:
    """Expressions, of which a step here has only inputs."""
    return _EXPRESSION.sub(lambda found: inputs[found[1].removeprefix("inputs.")], text)
