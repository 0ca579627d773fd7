"""Where a run through the backward pass halts: breakpoints and conditions, either way round."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gradviz.graph.stops import (
    Accumulation,
    AtNode,
    Halt,
    Stop,
    next_stop,
    previous_stop,
    stop_moments,
)

if TYPE_CHECKING:
    from .editor import Editor

SUMS = (Accumulation(),)


class Stops(QObject):
    """The stops of one editor; a run goes to the next of them, on or back."""

    changed = Signal()
    """There are other stops, or the pass stands somewhere for another reason."""

    def __init__(self, editor: "Editor") -> None:
        super().__init__(editor)
        self._editor = editor
        self._stops: tuple[Stop, ...] = ()
        self._halted: Halt | None = None
        editor.replaced.connect(self.clear)
        editor.walk_changed.connect(self._forget)

    @property
    def all(self) -> tuple[Stop, ...]:
        """Every stop, in the order they were set; those on nodes that are gone rest."""
        return tuple(s for s in self._stops if self._is_there(s))

    def _is_there(self, stop: Stop) -> bool:
        node = getattr(stop, "node", None)
        return node is None or node in self._editor.graph.nodes

    @property
    def breakpoints(self) -> frozenset[str]:
        """The nodes that a run halts at."""
        return frozenset(stop.node for stop in self.all if isinstance(stop, AtNode))

    @property
    def reason(self) -> str:
        """Why the pass stands where it does; empty where nobody ran there."""
        halted = self._halted
        return halted.text if halted and halted.moment == self._editor.moment else ""

    def moments(self) -> frozenset[int]:
        """The moments at which any of the stops holds."""
        walk = self._editor.walk
        stops = self.all if walk is not None else ()
        return frozenset(m for stop in stops if walk for m in stop_moments(walk, stop))

    def toggle(self, nodes: Iterable[str]) -> None:
        """Set a breakpoint on these nodes; where all have one, take theirs away."""
        wanted = [AtNode(node) for node in nodes]
        if set(wanted) <= set(self.all):
            self._put(tuple(stop for stop in self.all if stop not in wanted))
        else:
            self._put((*self.all, *(stop for stop in wanted if stop not in self.all)))

    def add(self, stop: Stop) -> None:
        """Set one more stop."""
        if stop not in self.all:
            self._put((*self.all, stop))

    def remove(self, stop: Stop) -> None:
        """Take a stop away."""
        self._put(tuple(other for other in self.all if other != stop))

    def clear(self) -> None:
        """Take every stop away."""
        self._put(())

    def _put(self, stops: tuple[Stop, ...]) -> None:
        self._stops = stops
        self.changed.emit()

    def _forget(self) -> None:
        self._halted = None

    # running ---------------------------------------------------------------------------------

    def run(self, on: bool, stops: tuple[Stop, ...] | None = None) -> None:
        """Go to the next stop, or back to the one before; where there is none, to the end."""
        editor, walk = self._editor, self._editor.walk
        if walk is None:
            return
        find = next_stop if on else previous_stop
        found = find(editor.graph, walk, editor.moment, self.all if stops is None else stops)
        if found is None and on:
            found = Halt(len(walk), (), "no stop was met on the way to the end")
        self.halt(found or Halt(0, (), "no stop was met on the way back to the start"))

    def halt(self, halt: Halt) -> None:
        """Go to a stop, and keep why."""
        self._halted = halt
        self._editor.set_moment(halt.moment)
        self.changed.emit()

    def halt_here(self) -> bool:
        """Whether a stop holds at the present moment, to which a step led; keeps why."""
        editor, walk = self._editor, self._editor.walk
        if walk is None:
            return False
        found = next_stop(editor.graph, walk, editor.moment - 1, self.all)
        if found is None or found.moment != editor.moment:
            return False
        self.halt(found)
        return True
