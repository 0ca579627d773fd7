"""Numbers typed on the ports of a node, on the canvas or in the inspector."""

import numpy as np

from gradviz.graph import compose
from gradviz.graph.leaves import put_constant

from .attempts import attempt
from .editor import Editor
from .grids import GridError, listed
from .numbers import MINUS
from .widgets import NotANumberError, NumberRule

LONGEST = 4000


def take_on_port(editor: Editor, node_id: str, port: int, typed: str) -> str:
    """Put what was typed on a port, or take a number away where nothing was; else the reason.

    A number stays on the port where one may stand there; otherwise it becomes a constant wired
    to it, as lists of numbers do.
    """
    plain = typed.strip().replace(MINUS, "-")
    graph = editor.graph
    if not plain:
        return attempt(editor, lambda: compose.set_literal(graph, node_id, port, None))
    try:
        value = value_of(plain)
    except (GridError, NotANumberError) as problem:
        return str(problem)
    return attempt(editor, lambda: put_constant(graph, node_id, port, value))


def value_of(plain: str) -> float | int | bool | np.ndarray:
    """A number, a truth or nested lists of numbers."""
    if plain in ("True", "False"):
        return plain == "True"
    if plain.startswith("["):
        if len(plain) > LONGEST:
            raise GridError("this is too long to type: paste it into a leaf's table")
        found = listed(plain)
        return found if plain.startswith("[[") else found.reshape(-1)
    return int(plain) if plain.lstrip("+-").isdecimal() else NumberRule().parse(plain)
