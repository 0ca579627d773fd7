"""Where a run through the backward pass halts: breakpoints and conditions, either way round."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gradviz.graph import ForwardWalk, Walk
from gradviz.graph.forward_mode import ForwardPass
from gradviz.graph.stops import (
    Accumulation,
    AtNode,
    Halt,
    Stop,
    next_stop,
    previous_stop,
    stop_moments,
)

from .tangents import Track

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
        """The moments at which any of the stops holds in the pass that is walked."""
        track = self._editor.track
        if track is not None and not isinstance(track, Walk):
            return frozenset(m for i in self.breakpoints if (m := track.moment_of(i)) is not None)
        stops = self.all if track is not None else ()
        return frozenset(m for stop in stops if track for m in stop_moments(track, stop))

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
        track = self._editor.track
        if track is None:
            return
        found = self._find(track, on, self.all if stops is None else stops)
        if found is None and on:
            found = Halt(len(track), (), "no stop was met on the way to the end")
        self.halt(found or Halt(0, (), "no stop was met on the way back to the start"))

    def _find(self, track: Track, on: bool, stops: tuple[Stop, ...]) -> Halt | None:
        editor = self._editor
        if isinstance(track, Walk):
            find = next_stop if on else previous_stop
            return find(editor.graph, track, editor.moment, stops)
        # Conditions are about gradients, which only the backward pass has: nodes count alone.
        here = editor.moment
        found = [m for m in self.moments() if (m > here if on else m < here)]
        if not found:
            return None
        moment = min(found) if on else max(found)
        return self._forward_halt(track, moment)

    def _forward_halt(self, track: ForwardWalk | ForwardPass, moment: int) -> Halt:
        name = self._editor.graph.node(track.steps[moment - 1].node).name
        return Halt(moment, (), f"stopped at {name}")

    def halt(self, halt: Halt) -> None:
        """Go to a stop, and keep why."""
        self._halted = halt
        self._editor.set_moment(halt.moment)
        self.changed.emit()

    def halt_here(self) -> bool:
        """Whether a stop holds at the present moment, to which a step led; keeps why."""
        moment, track = self._editor.moment, self._editor.track
        if track is None or moment not in self.moments():
            return False
        if isinstance(track, Walk):
            found = next_stop(self._editor.graph, track, moment - 1, self.all)
        else:
            found = self._forward_halt(track, moment)
        if found is not None:
            self.halt(found)
        return found is not None
