"""What a backward pass starts from: its seed, and what earlier passes left in leaves' ``.grad``."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gradviz.graph import NoBackward, Walk, walk_back
from gradviz.graph.seeds import Seed
from gradviz.ops.spec import Array, Shape

if TYPE_CHECKING:
    from .editor import Editor


class Passes(QObject):
    """The choices of one editor that decide which pass is walked."""

    changed = Signal()
    """Another seed is chosen, or leaves hold something else already: the pass is another one."""

    def __init__(self, editor: "Editor") -> None:
        super().__init__(editor)
        self._editor = editor
        self._seeds: dict[str, Seed] = {}
        self._grads: Mapping[str, Array] = {}
        self.earlier = 0
        """How many passes are in leaves' ``.grad`` before this one."""
        editor.replaced.connect(self._start_anew)

    def _start_anew(self) -> None:
        self._seeds, self._grads, self.earlier = {}, {}, 0

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
        walk = self._editor.walk if self.earlier else None
        held = None if walk is None else walk.before.get(node)
        return None if walk is None or held is None else walk.grad_at(node, self._editor.moment)

    def run(self, output: str | None) -> tuple[Walk | None, str]:
        """The pass from ``output``, or in plain words why there is none."""
        if output is None:
            return None, "The graph is empty: there is nothing to go back from."
        try:
            return walk_back(self._editor.evaluation, output, self.seed, self._grads), ""
        except NoBackward as problem:
            return None, str(problem)
