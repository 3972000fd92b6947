"""An installed wheel works as well as the checkout, from any folder."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
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
    """The wheel built from this checkout, in an environment that borrows the dependencies of ours:
    no network is needed."""
    if find_spec("hatchling") is None:
        lack("needs hatchling: pip install -e '.[test]'")
    base = tmp_path_factory.mktemp("wheel")
    _succeeds("-m", "hatchling", "build", "-t", "wheel", "-d", base / "dist")
    (wheel,) = (base / "dist").glob("burnban-*.whl")
    _succeeds("-m", "venv", "--without-pip", base / "venv")
    bin = base / "venv" / "bin"
    _succeeds("-m", "pip", "--python", bin / "python", "install", "--no-deps", "--quiet", wheel)
    (own,) = (base / "venv" / "lib").glob("python*/site-packages")
    # Packages in this folder are found after its own; an editable install of burnban is not.
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (own / "borrowed.pth").write_text("\n".join(ours))
    home = base / "elsewhere"
    home.mkdir()
    return Installed(bin, home)


def _succeeds(*words: str | Path) -> None:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"


def test_it_is_the_installed_package_that_runs(installed: Installed) -> None:
    found = installed.run("python", "-c", "import bot; print(bot.__file__)")
    assert Path(found.stdout.strip()).is_relative_to(installed.bin.parent)


def test_help_names_the_verbs(installed: Installed) -> None:
    done = installed.run("burnban", "--help")
    assert done.returncode == 0
    assert {"demo", "run", "web", "worker", "migrate", "check", "status"} <= set(
        done.stdout.split()
    )


def test_no_summary_of_a_verb_is_cut_short(installed: Installed) -> None:
    listed = installed.run("burnban", "--help", COLUMNS="80").stdout.partition("Commands:")[2]
    assert "..." not in listed


def test_a_mistyped_verb_gets_the_nearest(installed: Installed) -> None:
    done = installed.run("burnban", "stauts")
    assert done.returncode == 2
    assert "Did you mean 'status'?" in done.stderr


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


def test_the_manifest_is_printed(installed: Installed) -> None:
    done = installed.run("burnban", "manifest")
    assert (done.returncode, done.stderr) == (0, "")
    assert "/budget" in done.stdout
    assert "chat:write" in done.stdout


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
    assert demo.process.wait(20) == 0
