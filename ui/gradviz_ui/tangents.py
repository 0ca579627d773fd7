"""Forward mode in the window: along which direction tangents are pushed, and what they are."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gradviz.graph import ForwardStep, ForwardWalk, NoBackward, SeedError, Walk, WalkStep
from gradviz.graph.directions import AllOnes, Along, Direction, direction_arrays, movable
from gradviz.graph.forward_mode import ForwardPass, TangentStep, walk_forward_mode
from gradviz.ops.spec import Array

if TYPE_CHECKING:
    from .editor import Editor, Gradient

Track = Walk | ForwardWalk | ForwardPass
"""A pass that can be walked."""
TrackStep = WalkStep | ForwardStep | TangentStep
"""A step of one."""


class Tangents(QObject):
    """The direction of one editor, and the pass of tangents along it."""

    def __init__(self, editor: "Editor", parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self.chosen: Direction | None = None
        """The direction asked for; None: that of :attr:`direction` without being asked."""
        self._found: ForwardPass | None = None
        self._problem = ""
        self._stale = True
        self._leaves: tuple[str, ...] | None = None
        editor.replaced.connect(self.start_anew)
        editor.walk_changed.connect(self.forget)

    def start_anew(self) -> None:
        """Another document: no direction in its parameters has been chosen."""
        self.chosen = None
        self.forget()

    def forget(self) -> None:
        """Values or the direction are others: push anew when next asked."""
        self._stale = True
        self._leaves = None

    @property
    def leaves(self) -> tuple[str, ...]:
        """The parameters that can move."""
        if self._leaves is None:
            self._leaves = movable(self._editor.evaluation, self._editor.graph.output())
        return self._leaves

    @property
    def direction(self) -> Direction:
        """The direction chosen; else the first number of the first parameter alone, by one."""
        if self.chosen is not None:
            return self.chosen
        leaves = self.leaves
        if not leaves:
            return AllOnes()
        value = self._editor.evaluation.results[leaves[0]].value
        return Along(leaves[0], (0,) * value.array.ndim or None)

    @property
    def walk(self) -> ForwardPass | None:
        """The pass along the direction; None where there can be none."""
        if self._stale:
            self._stale = False
            self._found, self._problem = self._push()
        return self._found

    @property
    def problem(self) -> str:
        """Why there is no such pass, in plain words; empty where there is one."""
        return "" if self.walk is not None else self._problem

    def _push(self) -> tuple[ForwardPass | None, str]:
        editor, leaves = self._editor, self.leaves
        if not leaves:
            return None, "No parameter leads to the output: there is nothing to move along."
        try:
            moves = direction_arrays(editor.evaluation, self.direction, leaves, editor.walk)
            return walk_forward_mode(editor.evaluation, moves), ""
        except (NoBackward, SeedError) as problem:
            words = str(problem)
            return None, f"{words[0].upper()}{words[1:]}."

    def shown(self, node: str) -> tuple["Gradient", Array | None]:
        """The tangent to show for a node, and how much of it is known: see `Editor.gradient`."""
        walk = self.walk
        if walk is None or node not in walk.arrival:
            return "none", None
        tangent = walk.tangent_at(node, self._editor.moment)
        return ("pending", None) if tangent is None else ("known", tangent)
