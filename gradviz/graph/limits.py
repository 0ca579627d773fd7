"""How large a document may be: what is over these is refused rather than attempted.

They stand far above anything a person can look at, and far below what would freeze or kill
the program; files, edits and evaluation all hold to the same numbers.
"""

from __future__ import annotations

MAX_ELEMENTS = 10_000_000
"""Elements of one tensor: 80 MB of float64."""

MAX_WORK = 100_000_000
"""Computations of one operation, where a number and not a size says how many: a second or so."""

MAX_RANK = 32
"""Dimensions of one tensor."""

MAX_NODES = 200_000
MAX_WIRES = 1_000_000

MAX_ID = 64
MAX_NAME = 100
MAX_TITLE = 500
MAX_TEXT = 100_000
"""Characters of a description, or of a setting that is text."""

MAX_POSITION = 1e9
"""How far from the origin a card may lie, in scene units."""

MAX_DOTS = 100
"""Dots that one wire is led through."""

MAX_PLAIN_DEPTH = 32
MAX_PLAIN_ITEMS = 1_000_000
"""How deep, and of how many values, the plain data of a workspace may be."""
