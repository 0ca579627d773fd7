"""Saving is whole or not at all; recovery copies come back; the clipboard is believed nothing."""

import os
import stat
from pathlib import Path

import pytest

from gradviz.files import FileError, autosave, copy, disk, dumps, load, paste, save
from gradviz.graph import Evaluation, Graph, GraphError, compose


def graph_of(*values: float) -> Graph:
    graph = Graph()
    for value in values:
        graph.apply(compose.add(graph, "tensor"))
        graph.apply(compose.set_value(graph, f"n{len(graph.nodes)}", value))
    return graph


def test_a_file_comes_back_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "θ.gradviz"
    save(graph_of(1.5), path)
    path.chmod(0o640)
    save(graph_of(1.5, 2.0), path)
    assert dumps(load(path)) == dumps(graph_of(1.5, 2.0))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["θ.gradviz"]


def test_a_new_file_gets_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    save(graph_of(), tmp_path / "new.gradviz")
    assert (tmp_path / "new.gradviz").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link.gradviz").symlink_to(tmp_path / "real" / "file.gradviz")
    save(graph_of(3.0), tmp_path / "link.gradviz")
    assert (tmp_path / "link.gradviz").is_symlink()
    assert dumps(load(tmp_path / "real" / "file.gradviz")) == dumps(graph_of(3.0))


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.gradviz"
    save(graph_of(1.0), path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk.os, "fsync", full)
    with pytest.raises(FileError, match=r"^a.gradviz: it cannot be saved: No space left on device"):
        save(graph_of(2.0), path)
    assert dumps(load(path)) == dumps(graph_of(1.0))
    assert os.listdir(tmp_path) == ["a.gradviz"]


@pytest.mark.parametrize("name", ["absent.gradviz", ".", "a\0b"])
def test_what_cannot_be_read_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match=r"cannot be read|no file but a folder"):
        load(tmp_path / name)


def test_a_file_in_no_folder_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="No such file or directory"):
        save(graph_of(), tmp_path / "absent" / "a.gradviz")


def test_a_recovery_copy_comes_back_and_goes(tmp_path: Path) -> None:
    folder, document = tmp_path / "recovery", tmp_path / "bowl.gradviz"
    assert autosave.find(folder) == ()
    first = autosave.write(graph_of(1.0), folder, "w1", document)
    assert autosave.write(graph_of(1.0, 2.0), folder, "w1", document) == first
    untitled = autosave.write(graph_of(), folder, "w1")
    os.utime(untitled, (0, 0))
    latest, older = autosave.find(folder)
    assert (latest.document, older.document) == (document, None)
    assert dumps(autosave.recover(latest)) == dumps(graph_of(1.0, 2.0))
    autosave.remove(latest.copy)
    autosave.remove(latest.copy)
    assert autosave.find(folder) == (older,)
    assert len(os.listdir(folder)) == 2


def test_a_damaged_recovery_copy_is_refused_in_words(tmp_path: Path) -> None:
    copy_path = autosave.write(graph_of(1.0), tmp_path, "w", tmp_path / "bowl.gradviz")
    copy_path.write_text(copy_path.read_text()[:50])
    copy_path.with_suffix(".origin").write_bytes(b"\xff")
    (found,) = autosave.find(tmp_path)
    assert found.document is None
    with pytest.raises(FileError, match="cut off"):
        autosave.recover(found)


def test_what_is_copied_is_pasted_under_new_names() -> None:
    graph = graph_of(1.0, 2.0, 3.0)
    graph.apply(compose.add(graph, "cat", (50.0, 10.0)))
    for i in (1, 2, 3):
        graph.apply(compose.connect(graph, f"n{i}", 0, "n4", i - 1))
    text = copy(graph, ["n1", "n3", "n4"])
    added = graph.apply(paste(graph, text, (100.0, 200.0))).added
    assert [(n.id, n.name, n.op) for n in added] == [
        ("n5", "x3", "tensor"), ("n6", "x4", "tensor"), ("n7", "cat1", "cat"),
    ]  # fmt: skip
    assert [(w.source, w.port) for w in graph.inputs("n7").values()] == [("n5", 0), ("n6", 1)]
    assert min(n.position for n in added) == (100.0, 200.0)
    assert Evaluation(graph).results.keys() == graph.nodes.keys()


def test_text_from_elsewhere_is_not_pasted() -> None:
    with pytest.raises(GraphError, match=r"^the clipboard: this is no GradViz graph"):
        paste(Graph(), "some words", (0.0, 0.0))
