"""An installed wheel works as well as the checkout, from any folder."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from urllib.request import urlopen

import pytest

from tests.components import lack

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "bot" / "playground" / "fleet" / "specs"


@dataclass(frozen=True)
class Installed:
    """A virtual environment that knows nothing of the checkout, and a folder to run in."""

    bin: Path
    home: Path

    @property
    def surroundings(self) -> dict[str, str]:
        """A bare environment: no variable of the test's own reaches the command."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {**kept, "HOME": str(self.home)}

    def run(self, program: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run to the end; standard output and error as text."""
        return subprocess.run(
            [self.bin / program, *words],
            cwd=self.home,
            env=self.surroundings | more,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel built from this checkout, installed with what it says it depends on."""
    base = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "venv", base / "venv"], check=True)
    bin = base / "venv" / "bin"
    built = subprocess.run(
        [*pip, "wheel", "--no-deps", "--wheel-dir", base / "dist", ROOT], capture_output=True
    )
    (wheel,) = list((base / "dist").glob("burnban-*.whl")) or [None]
    if wheel is None:
        lack(f"needs the package registry to build a wheel: {built.stderr.decode()[-500:]}")
    done = subprocess.run(
        [bin / "python", "-m", "pip", "install", "--quiet", wheel], capture_output=True
    )
    if done.returncode:
        lack(f"needs the package registry to install it: {done.stderr.decode()[-500:]}")
    home = base / "elsewhere"
    home.mkdir()
    return Installed(bin, home)


def test_it_is_the_installed_package_that_runs(installed: Installed) -> None:
    found = installed.run("python", "-c", "import bot; print(bot.__file__)")
    assert Path(found.stdout.strip()).is_relative_to(installed.bin.parent)


def test_help_names_the_verbs(installed: Installed) -> None:
    done = installed.run("burnban", "--help")
    assert done.returncode == 0
    assert {"demo", "run", "web", "worker", "migrate", "check", "status"} <= set(
        done.stdout.split()
    )


def test_spec_files_are_checked(installed: Installed) -> None:
    shutil.copytree(SPECS, installed.home / "slos", dirs_exist_ok=True)
    done = installed.run("burnban", "check", "slos")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ok: ")


def test_a_wrong_spec_file_is_answered_with_code_two(installed: Installed) -> None:
    wrong = installed.home / "wrong"
    wrong.mkdir()
    (wrong / "slo.yaml").write_text("apiVersion: openslo/v1\nkind: SLOO\n")
    done = installed.run("burnban", "check", "wrong")
    assert done.returncode == 2
    assert "slo.yaml" in done.stderr


def test_migrations_travel_in_the_wheel(installed: Installed) -> None:
    url = f"sqlite:///{installed.home}/travel.db"
    for _ in range(2):
        done = installed.run("burnban", "migrate", DATABASE_URL=url)
        assert (done.returncode, done.stderr) == (0, "")
    assert (installed.home / "travel.db").stat().st_size > 0


def test_templates_travel_in_the_wheel(installed: Installed) -> None:
    code = "from bot.config import templates_folder as t; print(*[p.name for p in t().iterdir()])"
    inside = installed.run("python", "-c", code).stdout.split()
    assert sorted(inside) == sorted(path.name for path in (ROOT / "templates").iterdir())


@dataclass(frozen=True)
class Demo:
    """A running demo, and the addresses that it prints."""

    process: subprocess.Popen[str]
    addresses: Queue[str]

    def listen(self) -> None:
        """To its last word."""
        for line in self.process.stdout or ():
            for word in line.split():
                if word.startswith("http://"):
                    self.addresses.put(word.rstrip(".,"))


@pytest.fixture
def demo(installed: Installed) -> Iterator[Demo]:
    """The demo on a free port."""
    with subprocess.Popen(
        [installed.bin / "burnban", "demo", "--port", "0"],
        cwd=installed.home,
        env=installed.surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        running = Demo(process, Queue())
        listener = threading.Thread(target=running.listen)
        listener.start()
        yield running
        process.kill()
        listener.join()


def test_the_demo_runs_from_the_wheel_and_ends_cleanly(demo: Demo) -> None:
    with urlopen(demo.addresses.get(timeout=60), timeout=10) as page:
        assert b"<title>" in page.read()
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(20) in (0, 130)  # 128 + SIGINT: while it was still getting ready
