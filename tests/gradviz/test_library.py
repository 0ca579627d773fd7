"""The library's front door: what `import gradviz as gv` offers besides PyTorch's names."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import gradviz
from gradviz.files import load
from gradviz.graph import Evaluation, Graph

gv: Any = gradviz
SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The command lines of the processes that would have been started."""
    lines: list[list[str]] = []

    def start(line: list[str], **_: Any) -> str:
        lines.append(line)
        return "process"

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return lines


def test_the_front_door_offers_the_document() -> None:
    assert gv.Graph is Graph
    graph = gv.load(SAMPLES / "bowl.gradviz")
    evaluation = graph.evaluate()
    assert isinstance(evaluation, Evaluation)
    output = graph.output()
    assert output is not None
    value = evaluation.value(output)
    assert value is not None and value.array == 6.25


def test_steps_are_the_steps_of_backward() -> None:
    x = gv.tensor(3.0, requires_grad=True)
    names = [step.node.name() for step in gv.steps(x * x)]
    assert names == ["MulBackward0", "torch::autograd::AccumulateGrad"]


def test_show_opens_a_tensor_s_tape_in_a_process_of_its_own(started: list[list[str]]) -> None:
    x = gv.tensor(3.0, requires_grad=True)
    assert gv.show(x * x + 1) == "process"
    (line,) = started
    assert line[:3] == [sys.executable, "-m", "gradviz"]
    graph = load(line[3])
    assert [n.op for n in graph.nodes.values()] == ["tensor", "mul", "add"]


def test_show_opens_a_graph(started: list[list[str]]) -> None:
    gv.show(gv.load(SAMPLES / "bowl.gradviz"))
    assert load(started[0][3]).settings.title == "Bowl"


def test_show_takes_nothing_else(started: list[list[str]]) -> None:
    with pytest.raises(TypeError, match="a tensor or a graph, not int"):
        gv.show(3)
    assert not started


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_show_without_a_display_names_the_tour(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(RuntimeError, match="gradviz tour"):
        gv.show(gv.tensor(1.0))
    assert not started
