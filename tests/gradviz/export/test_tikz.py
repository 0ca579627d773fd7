"""TikZ says what the canvas says, and TeX can read it."""

import re
from pathlib import Path

import pytest

import gradviz as gv
from gradviz.bundled import samples
from gradviz.export.tikz import tikz
from gradviz.graph import Graph


@pytest.mark.parametrize("path", samples(), ids=lambda path: path.stem)
def test_every_sample_becomes_a_figure_with_each_node_and_wire(path: Path) -> None:
    graph: Graph = gv.load(path)
    text = tikz(graph, 1)
    assert text.count(r"\node[card") == len(tuple(graph.nodes))
    assert text.count(r"\draw[") == len(tuple(graph.wires))
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}") and text.count("$") % 2 == 0
    assert text.isascii(), [c for c in text if not c.isascii()]


def test_a_step_shows_what_is_known_by_then() -> None:
    graph = gv.load(next(p for p in samples() if p.stem == "fan_out"))
    before, within, after = (tikz(graph, step) for step in (0, 2, 5))
    dots = r"$\cdot\;\cdot\;\cdot$"
    assert [text.count(dots) for text in (before, within, after)] == [4, 1, 0]
    assert within.count(", now]") == 1 and within.count("sent, active") == 2
    assert "7.000" in after and "7.000" not in within
    assert r"\textcolor{grad}{grad}" not in tikz(graph)


def test_a_step_beyond_the_pass_is_told() -> None:
    graph = gv.load(next(p for p in samples() if p.stem == "fan_out"))
    with pytest.raises(ValueError, match="has 5 steps, so no step 9"):
        tikz(graph, 9)
