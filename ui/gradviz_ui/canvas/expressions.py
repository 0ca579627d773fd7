"""Formulas typed in the search: the nodes they make, wired to what the search was opened for."""

import re
from collections.abc import Collection, Iterator

from PySide6.QtCore import QPointF

from gradviz.graph import AddNode, AddWire, Batch, Edit, Graph, GraphError, Node, Wire
from gradviz.graph.document import free_name
from gradviz.program import FormulaError, insertion

from ..editor import Editor
from .choices import Choice
from .connecting import Plug
from .inserting import ROOM, clear_of_cards, lay, move_apart
from .metrics import WIDTH

SIGNS = re.compile(r"[-+*/%@()\[\]=<>&|~^²³·×÷−,]")
"""What makes a text a formula; a bare word or number is none."""
FIRST = re.compile(r"(\*\*|//|[-+*/%@^·×÷−²³]|[<>]=?|[=!]=)")
"""How a text begins that goes on from the value that was pulled."""
PLAIN = {"^": "**", "²": "**2", "³": "**3", "·": "*", "×": "*", "÷": "/", "−": "-"}
"""How mathematics writes what a formula writes so."""


def looks_typed(typed: str) -> bool:
    """Whether a text is meant as a formula."""
    text = typed.strip()
    whole = len(text) > 2 or (FIRST.match(text) is not None and text[-1:].isalnum())
    return whole and SIGNS.search(text) is not None


def expression(graph: Graph, typed: str, pulled: Plug | None = None) -> Choice:
    """The nodes that a text makes, as a choice; FormulaError says why it makes none.

    ``pulled`` is the output that they shall read. A text that begins with an operator goes on
    from it, and in any other the first name that no node has stands for it.
    """
    text = plain(typed.strip())
    if pulled is not None and pulled.output:
        text = reading(graph, text, pulled)
    nodes = added_nodes(insertion(graph, text, (0.0, 0.0)).edits)
    computed = [n for n in nodes if n.spec.ports]
    leaves = [n for n in nodes if not n.spec.ports]
    parts = [", ".join(n.spec.base_name for n in computed)] if computed else []
    # A list of numbers is a leaf and nothing else, and has no name to tell.
    news = [n.name for n in leaves if named_in(n.name, text)]
    parts += ["new: " + ", ".join(news)] if news else []
    doc = " · ".join(parts) or "A leaf of these numbers"
    return Choice("", text, f"{doc}.", "ƒ", "elem", formula=text)


def gone_on_from(editor: Editor, typed: str, pulled: Plug | None) -> Plug | None:
    """What a text goes on from: what was pulled, else after an operator the one node selected."""
    alone = pulled is None and len(editor.selection) == 1 and FIRST.match(typed.strip())
    return Plug(min(editor.selection), 0, True) if alone else pulled


def plain(text: str) -> str:
    """A text with the signs of mathematics as a formula writes them."""
    for sign, written in PLAIN.items():
        text = text.replace(sign, written)
    return text


def named_in(name: str, text: str) -> bool:
    """Whether a text has that name, as a name of its own."""
    return re.search(rf"(?<![\w.]){re.escape(name)}\b", text) is not None


def reading(graph: Graph, text: str, pulled: Plug) -> str:
    """That text made to read the node that was pulled; FormulaError where it does not."""
    source = graph.node(pulled.node).name
    if pulled.port:
        raise FormulaError("a formula goes on from the first output of a node only")
    if FIRST.match(text):
        return f"{source} {text}"
    if named_in(source, text):
        return text
    nodes = added_nodes(insertion(graph, text, (0.0, 0.0)).edits)
    names = [n.name for n in nodes if n.op == "tensor" and named_in(n.name, text)]
    if not names:
        raise FormulaError(f"this does not read '{source}': call it by its name, or x")
    unknown = "x" if "x" in names else names[0]
    return re.sub(rf"(?<![\w.]){re.escape(unknown)}\b(?!\s*\()", source, text)


def added_nodes(edits: Collection[Edit]) -> list[Node]:
    """The nodes that edits add."""
    return [edit.node for edit in edits if isinstance(edit, AddNode)]


def add_expression(
    editor: Editor,
    formula: str,
    place: QPointF,
    link: Plug | None = None,
    wire: Wire | None = None,
) -> bool:
    """Add the nodes of a formula as one undoable step, and select its result.

    ``link`` is the input that takes the result, and ``wire`` one that they are put in the
    middle of.
    """
    graph = editor.graph
    try:
        batch = insertion(graph, formula, (0.0, 0.0))
    except (FormulaError, GraphError) as problem:
        editor.refused.emit(str(problem))
        return False
    place = where(editor, added_nodes(batch.edits), place, link)
    edits = tuple(dressed(graph, batch.edits, formula, place))
    nodes = added_nodes(edits)
    editor.stack.beginMacro(f"Add {formula}")
    done = editor.perform(Batch(edits, f"Add {formula}"))
    if done:
        onward = Plug(wire.target, wire.port, False) if wire is not None else link
        result = result_of(nodes, edits)
        if onward is not None and not onward.output:
            lay(editor, Wire(result, onward.node, onward.port))
        move_apart(editor, {n.id for n in nodes})
        editor.select({result})
    editor.stack.endMacro()
    return done


def where(editor: Editor, nodes: list[Node], place: QPointF, link: Plug | None) -> QPointF:
    """The corner of new nodes, so that they lie on no card and a wire let go arrives there."""
    wide = max(n.position[0] for n in nodes) + WIDTH
    high = max(n.position[1] for n in nodes) + ROOM
    x, y = place.x(), place.y()
    if link is not None:
        y -= high / 2
        x -= 0 if link.output else wide
    return QPointF(*clear_of_cards(editor, round(x), round(y), wide, high))


def dressed(graph: Graph, edits: Collection[Edit], formula: str, place: QPointF) -> Iterator[Edit]:
    """The edits, at their place; a result that the text names not is called by its operation."""
    taken = {*graph.ids_by_name, *(n.name for n in added_nodes(edits))}
    for edit in edits:
        if isinstance(edit, AddNode):
            node, base = edit.node, edit.node.spec.base_name
            if not named_in(node.name, formula) and not node.name.startswith(base):
                node = node.changed(name=free_name(base, taken))
                taken.add(node.name)
            x, y = node.position
            yield AddNode(node.changed(position=(x + place.x(), y + place.y())))
        else:
            yield edit


def result_of(nodes: Collection[Node], edits: Collection[Edit]) -> str:
    """The last of these nodes that none of them reads."""
    read = {edit.wire.source for edit in edits if isinstance(edit, AddWire)}
    return [n.id for n in nodes if n.id not in read][-1]
