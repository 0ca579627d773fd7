"""Writes the sample documents in `samples/` from the formulas and words beside this file.

Run it after a change to a sample or to the file format; the same input gives the same files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sample import Sample
from sample_functions import FUNCTIONS
from sample_lands import LANDS
from sample_walks import WALKS

from gradviz.descent import Axis, Batching, DescentSettings, Minima, parse_runner, to_plain
from gradviz.files import save
from gradviz.graph import Evaluation, Graph, SetSettings
from gradviz.graph.compose import move
from gradviz.layout import Box, Link, place
from gradviz.program import graph_from_source
from gradviz_ui.canvas.metrics import GAP_ALONG, plan_of

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
GAP_BELOW = 28.0


def built(sample: Sample) -> Graph:
    """A sample's document."""
    graph = graph_from_source(sample.program)
    tidy(graph, sample.below)
    last = sample.program.splitlines()[-1].partition(" = ")[0]
    output = graph.named(last)
    settings = replace(
        graph.settings, title=sample.title, description=sample.description,
        output=None if output is None else output.id, descent=descent(graph, sample),
    )  # fmt: skip
    graph.apply(SetSettings(graph.settings, settings))
    return graph


def tidy(graph: Graph, below: Mapping[str, str]) -> None:
    """Lay the cards out in layers, each as large as the canvas draws it; some under another."""
    values = Evaluation(graph)
    plans = {}
    for node in graph.nodes.values():
        value = values.value(node.id)
        shape = None if value is None else tuple(value.shape)
        graded = value is None or value.requires_grad
        plans[node.id] = plan_of(node, shape, len(graph.inputs(node.id)), graded=graded)
    boxes = [Box(name, plan.width, plan.height) for name, plan in plans.items()]
    links = [
        Link(
            w.source, w.target, w.output, w.port,
            plans[w.source].outputs[w.output][1], plans[w.target].inputs[w.port][1],
        )
        for w in graph.wires
    ]  # fmt: skip
    positions = dict(place(boxes, links, gap_along=GAP_ALONG).positions)
    ids = {node.name: node.id for node in graph.nodes.values()}
    for name, upper in below.items():
        x, y = positions[ids[name]][0], positions[ids[upper]][1]
        positions[ids[name]] = (x, y + plans[ids[upper]].height + GAP_BELOW)
    graph.apply(move(graph, positions))


def descent(graph: Graph, sample: Sample) -> dict[str, Any]:
    """What the Descend workspace opens with; nothing for a sample that is not about it."""
    if not sample.axes:
        return {}
    named = [(graph.named(name), index) for name, index in sample.axes]
    axes = tuple(Axis(node.id, index) for node, index in named if node is not None)
    runners = tuple(parse_runner(text) for text in sample.runners)
    places = tuple(
        MappingProxyType({a.node: v for a, v in zip(axes, place, strict=True)})
        for place in sample.minima
    )
    minima = Minima(places, sample.lowest) if places else None
    return to_plain(
        DescentSettings(
            axes, runners, sample.steps, sample.ranges, minima, sample.source,
            batch=batching(graph, sample),
        )
    )  # fmt: skip


def batching(graph: Graph, sample: Sample) -> Batching | None:
    """How the steps of a sample's descent see its data."""
    if sample.batch is None:
        return None
    names, size, seed = sample.batch
    leaves = (graph.named(name) for name in names)
    return Batching(tuple(node.id for node in leaves if node is not None), size, seed)


def main() -> None:
    """Write every sample."""
    SAMPLES.mkdir(exist_ok=True)
    for name, sample in (LANDS | FUNCTIONS | WALKS).items():
        save(built(sample), SAMPLES / f"{name}.gradviz")


if __name__ == "__main__":
    main()
