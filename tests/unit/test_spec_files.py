"""Which files are read, what stops them, and when a folder has changed."""

import os
import shutil
from pathlib import Path

import pytest

from bot.errors import Fault, SpecError
from bot.spec import Watched, load
from bot.spec.files import MAX_FILE, MAX_TOTAL

VALID = Path(__file__).parent / "specs" / "valid"
SERVICE = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: %s}\n"


def faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(SpecError) as caught:
        load(folder, source_kinds=("prometheus", "csv"))
    return caught.value.faults


def test_files_are_found_at_any_depth_and_hidden_ones_are_not(tmp_path: Path) -> None:
    for place in ("b.yaml", "a/c.yml", "a/b/d.yaml", ".git/e.yaml", "a/.f.yaml", "g.txt", "h.json"):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SERVICE % path.stem.lstrip("."))
    assert sorted(load(tmp_path, source_kinds=()).services) == ["b", "c", "d"]


def test_a_folder_mounted_from_a_config_map_is_read_once(tmp_path: Path) -> None:
    data = tmp_path / "..2026_01_01"
    data.mkdir()
    (data / "a.yaml").write_text(SERVICE % "a")
    (tmp_path / "..data").symlink_to(data)
    (tmp_path / "a.yaml").symlink_to(Path("..data") / "a.yaml")
    assert list(load(tmp_path, source_kinds=()).services) == ["a"]


def test_one_file_may_stand_for_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "specs.txt"
    path.write_text(SERVICE % "a")
    assert list(load(path, source_kinds=()).services) == ["a"]


def test_a_missing_and_an_empty_folder_say_what_to_do(tmp_path: Path) -> None:
    (empty,) = faults(tmp_path)
    (missing,) = faults(tmp_path / "nowhere")
    assert empty.problem == "There are no spec files here."
    assert missing.problem == "There is no such file or folder."
    assert "BURNBAN_SPECS" in empty.remedy
    assert "`burnban init --prometheus http://…:9090`" in empty.remedy
    assert missing.remedy == empty.remedy


def test_a_name_longer_than_any_file_is_told_too(tmp_path: Path) -> None:
    endless = tmp_path / ("x" * 300)
    with pytest.raises(SpecError, match="It cannot be listed: File name too long"):
        load(endless, source_kinds=("prometheus",))
    with pytest.raises(SpecError, match="There is no such file"):
        load(tmp_path, source_kinds=("prometheus",), policies=endless)


def test_a_fault_names_the_file_as_it_can_be_opened(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("\n\nkind: SLO\n")
    (fault,) = faults(tmp_path)
    assert fault.where == f"{tmp_path}/a.yaml:3"


def test_a_file_over_the_cap_is_refused_and_one_at_the_cap_is_read(tmp_path: Path) -> None:
    text = SERVICE % "a"
    path = tmp_path / "a.yaml"
    path.write_text(text + "#" * (MAX_FILE - len(text)))
    assert list(load(tmp_path, source_kinds=()).services) == ["a"]
    path.write_text(text + "#" * (MAX_FILE - len(text) + 1))
    (fault,) = faults(tmp_path)
    assert fault == Fault(path.as_posix(), "", "The file is larger than 1 MiB.", "Split it.")


def test_many_files_over_the_cap_together_are_refused(tmp_path: Path) -> None:
    for number in range(MAX_TOTAL // MAX_FILE + 1):
        (tmp_path / f"{number}.yaml").write_text("#" * MAX_FILE)
    (fault,) = faults(tmp_path)
    assert fault.problem == "The files are larger than 16 MiB together."


def test_a_file_that_is_not_utf8_says_in_which_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"# one\n# two\nname: f\xfcr\n")
    (fault,) = faults(tmp_path)
    assert (fault.where, fault.problem) == (f"{tmp_path}/a.yaml:3", "This is not UTF-8.")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbf" + (SERVICE % "a").encode())
    assert list(load(tmp_path, source_kinds=()).services) == ["a"]


def test_a_link_to_nowhere_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SERVICE % "a")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "gone.yaml")
    assert list(load(tmp_path, source_kinds=()).services) == ["a"]


def test_the_version_tells_texts_apart_and_not_where_they_lie(tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(VALID, tmp_path / name)
    kinds = ("prometheus", "csv")
    first = load(tmp_path / "one", source_kinds=kinds).version
    assert load(tmp_path / "two", source_kinds=kinds).version == first
    with (tmp_path / "two" / "sources.yaml").open("a") as file:
        file.write("# changed\n")
    assert load(tmp_path / "two", source_kinds=kinds).version != first


def test_a_folder_has_changed_once_for_each_change(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a")
    watched = Watched(tmp_path)
    assert not watched.changed()
    path.write_text("ab")
    assert watched.changed()
    assert not watched.changed()
    (tmp_path / "b.yaml").write_text("b")
    assert watched.changed()
    (tmp_path / "b.yaml").unlink()
    assert watched.changed()
    assert not watched.changed()


def test_a_file_written_again_with_the_same_size_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a")
    watched = Watched(tmp_path)
    path.write_text("b")
    os.utime(path, ns=(1, 1))
    assert watched.changed()


def test_other_files_do_not_count_as_a_change(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    (tmp_path / "notes.txt").write_text("a")
    assert not watched.changed()
