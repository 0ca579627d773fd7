"""Formulas and PyTorch programs as text, to and from a graph.

``update(graph, text)`` is the edit that makes a graph say what a text says, and
``formula(graph)`` the text that it says; ``source(graph)`` is a whole program;
``insertion(graph, text, position)`` adds what a text says to what is there.
"""

from gradviz.program.errors import FormulaError
from gradviz.program.insertion import insertion
from gradviz.program.syntax import MAX_CHARACTERS
from gradviz.program.update import graph_from_source, parse, update
from gradviz.program.write import formula, source

__all__ = [
    "MAX_CHARACTERS",
    "FormulaError",
    "formula",
    "graph_from_source",
    "insertion",
    "parse",
    "source",
    "update",
]
