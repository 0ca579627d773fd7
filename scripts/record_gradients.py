"""Records what PyTorch's autograd makes of every sample, in `tests/gradviz/explain/`.

Each node is computed by PyTorch itself, and each wire is a tensor of its own, so that besides the
gradient of every node what each wire carries back is known too. Run it, with PyTorch installed,
after a sample was added or changed; the tests need only the file.
"""

from __future__ import annotations

import importlib
import json
from functools import reduce
from pathlib import Path
from typing import Any

from gradviz.files import load
from gradviz.graph import Graph, Node

torch: Any = importlib.import_module("torch")
ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "tests" / "gradviz" / "explain" / "recorded_gradients.json"


def computed(node: Node, inputs: dict[int, Any]) -> Any:
    """A node's value, by PyTorch."""
    op = node.spec
    settings = {name: given(value) for name, value in node.attrs.items()}
    if op.name == "tensor":
        return torch.tensor(settings["data"], requires_grad=bool(settings.get("requires_grad")))
    ports = [inputs[i] for i in sorted(inputs)]
    if op.source:
        named = {f"port{i}": value for i, value in enumerate(ports)} | settings
        places = {p.name: f"port{i}" for i, p in enumerate(op.ports)}
        return eval(op.source.format_map(places | {s: s for s in settings}), {}, named)
    path = op.public_path.removeprefix("torch.").split(".")
    function: Any = reduce(getattr, path, torch)
    return function(*ports, **settings)


def given(value: Any) -> Any:
    """A setting as PyTorch takes it."""
    return value.tolist() if hasattr(value, "tolist") else value


def recorded(graph: Graph) -> dict[str, dict[str, Any]]:
    """The gradient of every node of a graph, and what every wire (`target:port`) carries."""
    values: dict[str, Any] = {}
    wires: dict[str, Any] = {}
    for node_id in graph.order():
        node = graph.node(node_id)
        inputs: dict[int, Any] = dict(node.literals)
        for port, wire in graph.inputs(node_id).items():
            source = values[wire.source]
            assert wire.output == 0 and isinstance(source, torch.Tensor)
            inputs[port] = wires[f"{node.name}:{port}"] = source.view_as(source)
        values[node_id] = computed(node, inputs)
    output = graph.output()
    assert output is not None
    nodes = {graph.node(i).name: value for i, value in values.items()}
    return {
        "nodes": gradients(values[output], nodes),
        "wires": gradients(values[output], wires),
    }


def gradients(of: Any, by: dict[str, Any]) -> dict[str, Any]:
    """The gradients of a tensor by those of others that it depends on, as lists."""
    found: dict[str, Any] = {}
    for name, tensor in by.items():
        if tensor.requires_grad:
            (gradient,) = torch.autograd.grad(of, tensor, retain_graph=True, allow_unused=True)
            if gradient is not None:
                found[name] = rounded(gradient.tolist())
    return found


def rounded(value: Any) -> Any:
    """Numbers to eight digits, which is more than a float32 has."""
    return [rounded(v) for v in value] if isinstance(value, list) else float(f"{value:.8g}")


def main() -> None:
    """Record every sample."""
    files = sorted((ROOT / "samples").glob("*.gradviz"))
    found = {file.stem: recorded(load(file)) for file in files}
    TARGET.write_text(json.dumps(found, separators=(",", ":")).replace('},"', '},\n"') + "\n")


if __name__ == "__main__":
    main()
