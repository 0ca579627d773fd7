"""The explanation of the moment shown, made once and read by every view of the backward pass.

Timeline, sentence, formulas, list and inspector ask here, so they cannot tell different stories.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from gradviz.explain import (
    Explanation,
    Sentence,
    Span,
    explain,
    explain_forward,
    explain_moment,
    explain_tangents,
)
from gradviz.graph import ForwardWalk, Node, Walk, WalkStep
from gradviz.graph.forward_mode import ForwardPass

from ..editor import Editor
from ..tangents import Track


@dataclass(frozen=True, slots=True)
class Shown:
    """A node at a moment: its step of the pass, whether that was taken, and what is told of it."""

    node: Node
    step: WalkStep | None = None
    known: bool = False
    told: Explanation | None = None


class Story(QObject):
    """What to say about the present moment of the editor's backward pass."""

    changed = Signal()
    """There is another pass, moment or value to tell of. Sent only while Backward is in front."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self.editor = editor
        self._kept: tuple[Track, int, Explanation] | None = None
        editor.walk_changed.connect(self._forget)
        editor.replaced.connect(self._forget)
        editor.moment_changed.connect(self._tell)
        editor.workspace_changed.connect(self._tell)
        editor.stops.changed.connect(self._tell)

    @classmethod
    def of(cls, editor: Editor) -> "Story":
        """The one story of an editor."""
        found = editor.findChild(cls)
        return cls(editor) if found is None else found

    @property
    def told(self) -> bool:
        """Whether Backward is in front; elsewhere the pass is not even run."""
        return self.editor.workspace == "backward"

    @property
    def walk(self) -> Walk | None:
        """The pass, while Backward is in front and there is one."""
        return self.editor.walk if self.told else None

    @property
    def track(self) -> Track | None:
        """The pass whose moments are walked, while Backward is in front and there is one."""
        return self.editor.track if self.told else None

    @property
    def problem(self) -> str:
        """Why there is no pass to walk, in plain words; empty where there is one."""
        passes = self.editor.passes
        return passes.tangents.problem if passes.tangential else self.editor.walk_problem

    @property
    def asks_seed(self) -> bool:
        """Whether only a seed is missing: the output has not one element, and none was chosen."""
        if not self.told or not self.editor.passes.reverse or self.editor.walk is not None:
            return False
        return self.editor.passes.shape is not None

    @property
    def explanation(self) -> Explanation | None:
        """The present moment explained; None where there is no pass."""
        track, moment, evaluation = self.track, self.editor.moment, self.editor.evaluation
        if track is None:
            return None
        if self._kept is None or self._kept[0] is not track or self._kept[1] != moment:
            if isinstance(track, ForwardWalk):
                told = explain_forward(evaluation, track, moment)
            elif isinstance(track, ForwardPass):
                told = explain_tangents(evaluation, track, moment, self.editor.walk)
            else:
                told = explain_moment(evaluation, track, moment)
            self._kept = (track, moment, told)
        return self._kept[2]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The present moment in words, and before them why a run halted here."""
        told, reason = self.explanation, self.editor.stops.reason
        halted = ((Span(f"{reason[0].upper()}{reason[1:]}.", "muted"),),) if reason else ()
        return (*halted, *(told.sentences if told else ()))

    def about(self, node: Node) -> Shown:
        """What there is to say about a node at the present moment of the backward pass."""
        walk, active = self.walk, self.editor.step
        if walk is None or not self.editor.passes.reverse:
            return Shown(node)
        step = walk.own_steps.get(node.id)
        if isinstance(active, WalkStep) and active.node == node.id:
            step = active
        if step is None:
            return Shown(node)
        known = step.index < self.editor.moment
        told = self.explanation if step is active else explain(self.editor.evaluation, walk, step)
        return Shown(node, step, known, told)

    def _forget(self) -> None:
        self._kept = None
        self._tell()

    def _tell(self, *_: object) -> None:
        if self.told:
            self.changed.emit()
