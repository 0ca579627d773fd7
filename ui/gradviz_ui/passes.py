"""Which pass is walked: backward, forward or tangents; its seed, and what earlier ones left."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from gradviz.explain.magnitudes import Magnitudes, magnitudes
from gradviz.graph import ForwardWalk, NoBackward, Walk, walk_forward
from gradviz.graph.directions import Direction
from gradviz.graph.seeds import Seed
from gradviz.ops.spec import Array, Shape

from .tangents import Tangents

if TYPE_CHECKING:
    from .editor import Editor

Way = Literal["backward", "forward", "tangents"]
Role = Literal["grad", "val", "parameter"]


class Passes(QObject):
    """The choices of one editor that decide which pass is walked."""

    changed = Signal()
    """Another direction or seed is chosen, or leaves hold something else: another pass."""

    sizes_changed = Signal()
    """Wires are drawn by the size of their gradients, or no longer."""

    def __init__(self, editor: "Editor") -> None:
        super().__init__(editor)
        self._editor = editor
        self.direction: Way = "backward"
        self.tangents = Tangents(editor, self)
        self._moments: dict[Way, int] = {}
        self._forward: ForwardWalk | None = None
        self.by_size = False
        """Whether wires are drawn by the size of their gradients."""
        self._sizes: tuple[Walk, Magnitudes] | None = None
        self._seeds: dict[str, Seed] = {}
        self._grads: Mapping[str, Array] = {}
        self.earlier = 0
        """How many passes are in leaves' ``.grad`` before this one."""
        editor.replaced.connect(self._start_anew)
        editor.walk_changed.connect(self._forget)

    def _forget(self) -> None:
        self._forward = None

    def _start_anew(self) -> None:
        self._moments = {}
        self._seeds, self._grads, self.earlier = {}, {}, 0

    # the direction ---------------------------------------------------------------------------

    @property
    def forward(self) -> bool:
        """Whether the forward pass is walked, which Backward shows too."""
        return self.direction == "forward" and self._editor.workspace == "backward"

    @property
    def tangential(self) -> bool:
        """Whether forward mode is walked: tangents in place of gradients."""
        return self.direction == "tangents" and self._editor.workspace == "backward"

    @property
    def reverse(self) -> bool:
        """Whether neither is: gradients are what is shown."""
        return not (self.forward or self.tangential)

    @property
    def role(self) -> Role:
        """The theme's colour of what the pass that is walked brings."""
        return "val" if self.forward else "parameter" if self.tangential else "grad"

    @property
    def forward_walk(self) -> ForwardWalk | None:
        """The forward pass over the whole document; None where that is empty."""
        if self._forward is None and self._editor.graph.nodes:
            self._forward = walk_forward(self._editor.evaluation)
        return self._forward

    def set_direction(self, direction: Way) -> None:
        """Walk another way; each way keeps the moment it stood at."""
        if direction == self.direction:
            return
        editor, goal = self._editor, self._moments.get(direction, 0)
        self._moments[self.direction] = editor.moment
        self.direction = direction
        editor.moment = 0
        self.changed.emit()
        editor.set_moment(goal)

    def move_along(self, direction: Direction) -> None:
        """Push tangents along another direction."""
        if direction != self.tangents.direction:
            self.tangents.chosen = direction
            self.changed.emit()
            self._editor.set_moment(self._editor.moment)

    def knows(self, node: str) -> bool:
        """Whether a node has its value by now: on the forward pass it comes with its step."""
        walk = self.forward_walk if self.forward else None
        arrived = 0 if walk is None else walk.moment_of(node)
        return arrived is None or arrived <= self._editor.moment

    # sizes -------------------------------------------------------------------------------------

    def show_sizes(self, by_size: bool) -> None:
        """Draw wires by the size of their gradients, or as before."""
        if by_size != self.by_size:
            self.by_size = by_size
            self.sizes_changed.emit()

    @property
    def sizes(self) -> Magnitudes | None:
        """How large every gradient of the pass is, while that is shown; else None."""
        shown = self.by_size and self._editor.workspace == "backward" and self.reverse
        walk = self._editor.walk if shown else None
        if walk is None:
            return None
        if self._sizes is None or self._sizes[0] is not walk:
            self._sizes = (walk, magnitudes(walk))
        return self._sizes[1]

    # the seed --------------------------------------------------------------------------------

    @property
    def seed(self) -> Seed | None:
        """The seed chosen for the present output; None: one, where that is a single number."""
        return self._seeds.get(self._editor.graph.output() or "")

    def set_seed(self, seed: Seed | None) -> None:
        """Start from that seed at the present output."""
        output = self._editor.graph.output()
        if output is None or seed == self.seed:
            return
        if seed is None:
            del self._seeds[output]
        else:
            self._seeds[output] = seed
        self.changed.emit()

    @property
    def shape(self) -> Shape | None:
        """The shape a seed needs; None where no pass could start whatever the seed."""
        output = self._editor.graph.output()
        value = None if output is None else self._editor.evaluation.value(output)
        if value is None or not (value.requires_grad and value.dtype.is_floating_point):
            return None
        return value.array.shape

    # calls in a row ----------------------------------------------------------------------------

    def again(self) -> None:
        """Call backward once more: leaves keep what they have, and the next pass adds to it."""
        walk = self._editor.walk
        if walk is not None:
            self._grads, self.earlier = walk.grads, self.earlier + 1
            self.changed.emit()
            self._editor.set_moment(0)

    def zero_grad(self) -> None:
        """Empty every leaf's ``.grad``."""
        if self.earlier:
            self._grads, self.earlier = {}, 0
            self.changed.emit()

    def kept(self, node: str) -> Array | None:
        """What a leaf's ``.grad`` holds now, where earlier passes left something in it."""
        shown = self.earlier and self._editor.workspace == "backward" and self.reverse
        walk = self._editor.walk if shown else None
        held = None if walk is None else walk.before.get(node)
        return None if walk is None or held is None else walk.grad_at(node, self._editor.moment)

    def run(self, output: str | None) -> tuple[Walk | None, str]:
        """The pass from ``output``, or in plain words why there is none."""
        if output is None:
            return None, "The graph is empty: there is nothing to go back from."
        try:
            return self._editor.replaying.walk(output, self.seed, self._grads), ""
        except NoBackward as problem:
            return None, str(problem)
