"""What a card says, read from the editor when it is painted; nothing here is a second truth."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradviz.explain.names import category_of, node_mark, shown_name
from gradviz.graph import Node, Result
from gradviz.ops.spec import Array

from ..editor import Editor, Gradient
from ..numbers import shape_text, short
from ..passes import Role
from ..sliders import slider_scale
from ..widgets.slider_scale import SliderScale
from ..words import listed
from .conversions import conversions
from .metrics import CardPlan, Shape, plan_of, title_suffix
from .naming import scalar

MOST_NAMED = 4
PENDING = "· · ·"
NO_GRAD = "no grad"
FIXED = "fixed"
"""Stands for the tangent of what the direction does not move."""


@dataclass(frozen=True, slots=True)
class CardContent:
    """Everything a card shows.

    ``message`` stands in place of value and gradient: an error, or what the node waits for.
    ``gradient``: how much of it is known now (see `Editor.gradient`).
    """

    title: str
    suffix: str
    mark: str
    category: str
    plan: CardPlan
    value: Array | None = None
    value_text: str = ""
    gradient: Gradient = "none"
    grad: Array | None = None
    grad_text: str = NO_GRAD
    message: str = ""
    failed: bool = False
    warned: bool = False
    stretched: frozenset[int] = frozenset()
    new_type: str = ""
    active: bool = False
    breakpoint: bool = False
    kept: str = ""
    pointed: frozenset[tuple[int, ...]] = frozenset()
    travelled: Literal["", "grad", "val", "parameter"] = ""
    line: Literal["grad", "tangent"] = "grad"
    output: bool = False
    scale: SliderScale | None = None
    literals: tuple[tuple[int, str], ...] = ()
    wired: frozenset[int] = frozenset()
    muted: bool = False
    colour: str = ""
    watched: bool = False
    stacked: bool = False

    @property
    def role(self) -> Literal["grad", "parameter"]:
        """The theme's colour of the lower line: a gradient's, or a tangent's."""
        return "parameter" if self.line == "tangent" else "grad"


def same_look(one: CardContent, other: CardContent) -> bool:
    """Whether two contents look alike; tensors count as alike only where they are the same."""
    fields = one.__dataclass_fields__
    return all(
        getattr(one, name) is getattr(other, name)
        if name in ("value", "grad")
        else getattr(one, name) == getattr(other, name)
        for name in fields
    ) and (one.plan.shape is None or one.value is other.value)


def form_of(editor: Editor, node: Node) -> tuple[Shape | None, int, bool, bool, bool]:
    """What the plan of a node's card depends on beside the node: see `plan_of`."""
    result = editor.evaluation.results.get(node.id)
    wires = len(editor.graph.incoming.get(node.id, ()))
    down = editor.graph.settings.flow == "down"
    if result is None or not result.ok:
        failed = result is not None and (result.error is not None or bool(result.missing))
        return None, wires, failed, True, down
    value = result.value
    return value.array.shape, wires, False, value.requires_grad, down


def plan_for(editor: Editor, node: Node) -> CardPlan:
    """The plan of a node's card as the document and its values are now."""
    return plan_of(node, *form_of(editor, node))


def content_for(editor: Editor, node: Node) -> CardContent:
    """What a node's card shows now."""
    result = editor.evaluation.results.get(node.id, Result())
    plan = plan_for(editor, node)
    common = _common(editor, node, plan)
    message = message_of(editor, result)
    if message and editor.passes.knows(node.id):
        return CardContent(**common, message=message, failed=result.error is not None)
    value = editor.value(node.id)
    array = None if value is None else np.asarray(value.array)
    tangential = editor.passes.tangential
    kind, grad = slope_of(editor, node.id)
    step = editor.step if editor.workspace == "backward" else None
    return CardContent(
        **common,
        value=array,
        value_text=_text(array) if editor.passes.knows(node.id) else PENDING,
        gradient=kind,
        grad=grad,
        line="tangent" if tangential else "grad",
        grad_text=_slope_text(editor, kind, grad) + ("" if _whole_sum(editor, node.id) else " …"),
        active=step is not None and step.node == node.id,
        travelled=travelled_role(editor, node.id, kind),
        scale=slider_scale(node) if plan.slider else None,
        muted=kind == "none",
    )


def _common(editor: Editor, node: Node, plan: CardPlan) -> dict:
    suffix = title_suffix(node)
    becomes = conversions(editor, node)
    on_ports = () if suffix else tuple((p, short(v)) for p, v in node.literals.items())
    return {
        "title": shown_name(node.name),
        "suffix": suffix,
        "mark": node_mark(node),
        "category": category_of(node),
        "plan": plan,
        "output": editor.graph.output() == node.id,
        "colour": node.colour,
        "pointed": editor.spotlight.elements.get(node.id, frozenset()),
        "kept": kept_text(editor, node.id),
        "watched": node.id in editor.watches.nodes,
        "warned": bool(editor.advice.warnings(node.id)),
        "stretched": frozenset(becomes.stretched),
        "new_type": becomes.types[0].name if becomes.types else "",
        "breakpoint": editor.workspace == "backward" and node.id in editor.stops.breakpoints,
        "literals": on_ports,
        "wired": frozenset(editor.graph.inputs(node.id)),
    }


def travelled_role(editor: Editor, node_id: str, kind: Gradient) -> Literal["", Role]:
    """The colour of what the pass that is walked has brought here; empty for nothing yet."""
    if editor.workspace != "backward":
        return ""
    if editor.passes.forward:
        return "val" if editor.passes.knows(node_id) else ""
    return editor.passes.role if kind in ("known", "partial") else ""


def kept_text(editor: Editor, node_id: str) -> str:
    """What a leaf's ``.grad`` holds where passes were repeated; empty elsewhere."""
    kept = editor.passes.kept(node_id)
    if kept is None:
        return ""
    return f".grad {short(scalar(kept)) if np.ndim(kept) == 0 else shape_text(np.shape(kept))}"


def message_of(editor: Editor, result: Result) -> str:
    """The short text on a card that has no value; empty where it has one."""
    if result.error is not None:
        return result.error.message
    if result.missing:
        return f"needs {' and '.join(result.missing)}"
    if result.waiting:
        names = [editor.graph.node(i).name for i in result.waiting if i in editor.graph.nodes]
        return f"waiting for {', '.join(names)}"
    return ""


def _text(array: Array | None) -> str:
    if array is None:
        return "—"
    return short(scalar(array)) if array.ndim == 0 else shape_text(array.shape)


def slope_of(editor: Editor, node_id: str) -> tuple[Gradient, Array | None]:
    """What stands below a node's value: its gradient, or in forward mode its tangent."""
    passes = editor.passes
    return passes.tangents.shown(node_id) if passes.tangential else editor.gradient(node_id)


def _slope_text(editor: Editor, kind: Gradient, grad: Array | None) -> str:
    if kind == "none":
        return FIXED if editor.passes.tangential else NO_GRAD
    if grad is None:
        return PENDING
    return short(scalar(grad)) if np.ndim(grad) == 0 else shape_text(np.shape(grad))


def _whole_sum(editor: Editor, node_id: str) -> bool:
    """Whether no more terms are to come once one has arrived."""
    if editor.workspace != "backward" or not editor.passes.reverse or editor.walk is None:
        return True
    terms = [step.index < editor.moment for step, _ in editor.walk.incoming.get(node_id, ())]
    return all(terms) or not any(terms)


def described(editor: Editor, node_id: str) -> str:
    """A node in one sentence, for those who hear the canvas rather than see it."""
    node = editor.graph.node(node_id)
    content = content_for(editor, node)
    kind = "parameter" if node.is_parameter else node.spec.base_name
    if node.colour:
        kind = f"{kind}, coloured {node.colour}"
    about = _ends(editor, node_id)
    if content.message:
        return f"{node.name}, {kind}: {content.message}. {about}"
    grad = {"pending": "not computed yet", NO_GRAD: "none", FIXED: "none"}
    what = "tangent" if content.line == "tangent" else "gradient"
    said = grad.get(content.gradient, grad.get(content.grad_text, content.grad_text))
    return f"{node.name}, {kind}, value {_spoken(content.value)}, {what} {said}. {about}"


def _ends(editor: Editor, node_id: str) -> str:
    """What the node reads and what reads it, by name, and whether it is the output."""
    graph = editor.graph
    read = [graph.node(w.source).name for w in graph.inputs(node_id).values()]
    readers = [graph.node(i).name for i in dict.fromkeys(w.target for w in graph.outputs(node_id))]
    parts = [
        f"Reads {listed(read, MOST_NAMED)}" if read else "",
        f"Read by {listed(readers, MOST_NAMED)}" if readers else "Read by nothing",
        "The output" if graph.output() == node_id else "",
    ]
    return ". ".join(part for part in parts if part)


def _spoken(array: Array | None) -> str:
    if array is None:
        return "unknown"
    return _text(array) if array.ndim == 0 else f"of shape {shape_text(array.shape)}"
