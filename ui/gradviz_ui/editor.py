"""The open document with its undo list, selection, values and backward pass, as Qt signals.

Every view is given the editor, reacts to its signals and asks it for edits; no view knows
another. What can be derived (values, the backward pass) is derived here from the document.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from gradviz import files
from gradviz.collecting import uncollected
from gradviz.graph import (
    Change,
    Edit,
    Evaluation,
    Graph,
    GraphError,
    Walk,
)
from gradviz.graph.changes import ASIDE
from gradviz.ops.spec import Array
from gradviz.tensor import Tensor

from .advice import Advice
from .alike import Alike
from .chosen_boxes import ChosenBoxes
from .commands import EditCommand
from .entering import Entering
from .group_library import GroupLibrary
from .passes import Passes
from .replaying import Replaying
from .spotlight import Spotlight
from .stops import Stops
from .tangents import Track, TrackStep
from .watches import Watches

if TYPE_CHECKING:
    from gradviz.plan import PlanKeeper

Workspace = Literal["build", "backward", "descend"]
Gradient = Literal["none", "pending", "partial", "known"]


@dataclass(frozen=True, slots=True)
class Preview:
    """Values and gradients to show instead of the document's own: those of a step of Descend."""

    values: Mapping[str, Tensor] = field(default_factory=dict)
    gradients: Mapping[str, Array] = field(default_factory=dict)


class Editor(QObject):
    """See the module's text. Signals are sent after the state they speak of is in place."""

    replaced = Signal()
    """Another document is open: read everything anew."""
    changed = Signal(object)
    """The document changed: a `gradviz.graph.Change`."""
    evaluated = Signal(object)
    """Nodes were evaluated again: a frozenset of ids."""
    selection_changed = Signal(object)
    """Other nodes are selected: a frozenset of ids."""
    walk_changed = Signal()
    """The backward pass is another one, or there is none now."""
    moment_changed = Signal(int)
    """The pass that is walked stands at another moment (see `gradviz.graph.Walk`)."""
    preview_changed = Signal()
    """Values shown in place of the document's own came, went or changed."""
    workspace_changed = Signal(str)
    """Another workspace is in front: ``build``, ``backward`` or ``descend``."""
    refused = Signal(str)
    """An edit was refused; the reason, to be shown where the person is looking."""
    path_changed = Signal()
    """The document has another path, or none."""
    add_wanted = Signal(str)
    """Somebody asks for an operation to be added where the canvas looks: its name; or for a layer
    or a kept group: its key (see `gradviz_ui.additions`)."""
    left = Signal()
    """Another document, or none, is in front of the window now: what plays stops."""
    typed = Signal()
    """Somebody has entered what was typed beside the canvas: keys are the canvas's again."""
    reveal_wanted = Signal(str)
    """Somebody asks for a node to be brought into sight: its id."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        # A stack empties itself while it is destroyed, and nobody is left to be told.
        self.destroyed.connect(partial(self.stack.blockSignals, True))
        self.graph = Graph()
        self.evaluation = Evaluation(self.graph)
        self.selection: frozenset[str] = frozenset()
        self.path: Path | None = None
        self.workspace: Workspace = "build"
        self.preview: Preview | None = None
        self.moment = 0
        self._walk: Walk | None = None
        self._walk_problem = ""
        self._walk_stale = True
        self.replaying = Replaying(self)
        self.replaying.corrected.connect(self.evaluated)
        self.replaying.walk_corrected.connect(self._renew_walk)
        self.passes = Passes(self)
        self.passes.changed.connect(self._renew_walk)
        self.stops = Stops(self)
        self.advice = Advice(self)
        self.library = GroupLibrary(self)
        self.entering = Entering(self)
        self.alike = Alike(self)
        self.spotlight = Spotlight(self)
        self.watches = Watches(self)
        self.boxes = ChosenBoxes(self)
        for signal in (self.replaced, self.walk_changed, self.workspace_changed):
            signal.connect(self.spotlight.clear)

    # the document ------------------------------------------------------------------------

    def show_graph(self, graph: Graph, path: Path | None = None) -> None:
        """Open ``graph`` in place of the present document."""
        self.graph, self.path = graph, path
        self.evaluation = Evaluation(graph)
        self.replaying.start_anew()
        # Before the stack says that it is empty: whoever asks then asks of the new document.
        self.selection = frozenset()
        self.stack.clear()
        self.preview = None
        self.moment = 0
        self._walk_stale = True
        self.replaced.emit()
        self.path_changed.emit()
        self.walk_changed.emit()

    def open(self, path: Path) -> None:
        """Open a file; `gradviz.files.FileError` leaves the present document as it was."""
        self.show_graph(files.load(path), path)

    def save(self, path: Path | None = None) -> None:
        """Write the document to ``path``, or where it came from; OSError where that fails."""
        target = path or self.path
        if target is None:
            raise ValueError("this document has no file yet: say where to save it")
        files.save(self.graph, target)
        self.path = target
        self.stack.setClean()
        self.path_changed.emit()

    def perform(self, edit: Edit, label: str = "", merge_key: str = "") -> bool:
        """Carry out an edit as one undoable command; False (and ``refused``) where it may not be.

        Edits in a row with the same ``merge_key`` become one command, as in a slider's drag.
        """
        name = label or getattr(edit, "label", "") or "Edit"
        try:
            edit = self.entering.within(edit)
            self._carry_out(edit)
        except GraphError as problem:
            self.refused.emit(str(problem))
            return False
        self.stack.push(EditCommand(edit, name, self._carry_out, merge_key))
        return True

    @uncollected()
    def _carry_out(self, edit: Edit) -> Change:
        change = self.graph.apply(edit)
        evaluated = self.replaying.refresh(change)
        gone = {n.id for n in change.removed}
        if gone & self.selection:
            self.select(self.selection - gone)
        self.changed.emit(change)
        if evaluated or gone:
            self.evaluated.emit(evaluated)
        if evaluated or gone or change.settings - ASIDE:
            self._renew_walk()
        return change

    @property
    def plans(self) -> "PlanKeeper":
        """The document compiled, kept while only values change; for what runs it many times."""
        return self.replaying.plans

    # selection, workspace ------------------------------------------------------------------

    def select(self, ids: Iterable[str]) -> None:
        """Make exactly these nodes the selection."""
        chosen = frozenset(i for i in ids if i in self.graph.nodes)
        if chosen != self.selection:
            self.selection = chosen
            self.selection_changed.emit(chosen)

    def go_to(self, node_id: str) -> None:
        """Select a node and have the canvas bring it into sight."""
        self.select((node_id,))
        self.reveal_wanted.emit(node_id)

    def set_workspace(self, workspace: Workspace) -> None:
        """Bring a workspace to the front."""
        if workspace != self.workspace:
            self.workspace = workspace
            self.workspace_changed.emit(workspace)

    def set_preview(self, preview: Preview | None) -> None:
        """Show these values in place of the document's own; None ends it."""
        self.preview = preview
        self.preview_changed.emit()

    # the backward pass -----------------------------------------------------------------------

    @property
    def walk(self) -> Walk | None:
        """The backward pass from the document's output; None where there can be none."""
        if self._walk_stale:
            self._walk_stale = False
            self._walk, self._walk_problem = self.passes.run(self.graph.output())
            if self.passes.reverse:
                self.moment = min(self.moment, len(self._walk) if self._walk else 0)
        return self._walk

    @property
    def walk_problem(self) -> str:
        """Why there is no backward pass, in plain words; empty where there is one."""
        return "" if self.walk is not None else self._walk_problem

    def _renew_walk(self) -> None:
        self._walk_stale = True
        self.walk_changed.emit()

    @property
    def track(self) -> Track | None:
        """The pass whose moments are walked: backward, forward, or forward mode's tangents."""
        if self.passes.tangential:
            found = self.passes.tangents.walk
        else:
            found = self.passes.forward_walk if self.passes.forward else self.walk
        if self.workspace == "backward":
            # An edit, another seed or another direction may have left fewer moments.
            self.moment = min(self.moment, len(found) if found else 0)
        return found

    @property
    def step(self) -> TrackStep | None:
        """The step of that pass just taken."""
        return self.track.active(self.moment) if self.track else None

    def set_moment(self, moment: int) -> None:
        """Go to a moment of that pass, held within its ends."""
        before, track = self.moment, self.track
        self.moment = max(0, min(moment, len(track) if track else 0))
        if self.moment != before:
            self.moment_changed.emit(self.moment)

    # what to show ------------------------------------------------------------------------------

    def value(self, node_id: str) -> Tensor | None:
        """The value to show for a node: the preview's in Descend, else the document's own."""
        if self.workspace == "descend" and self.preview is not None:
            return self.preview.values.get(node_id)
        return self.evaluation.value(node_id) if self.passes.knows(node_id) else None

    def gradient(self, node_id: str) -> tuple[Gradient, Array | None]:
        """The gradient to show for a node, and how much of it is known now.

        ``none``: it gets none. ``pending``: not yet computed (shown as dots, never 0).
        ``partial``: the sum so far at a fan-out. ``known``: complete.
        """
        if self.workspace == "descend" and self.preview is not None:
            known = self.preview.gradients.get(node_id)
            return ("none", None) if known is None else ("known", known)
        value = self.evaluation.value(node_id)
        if value is None or not value.requires_grad:
            return "none", None
        # Elsewhere the pass is not even asked for: running it costs.
        shown = self.workspace == "backward" and self.passes.reverse
        walk = self.walk if shown else None
        if walk is None:
            return "pending", None
        known = walk.gradient_at(node_id, self.moment)
        if known is not None:
            return "known", known
        partial = walk.partial_at(node_id, self.moment)
        if partial is not None:
            return "partial", partial
        return ("pending" if node_id in walk.arrival else "none"), None
