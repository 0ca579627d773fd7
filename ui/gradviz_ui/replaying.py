"""Keeps an editor's values and backward pass up to date: by a plan while leaves move.

Once they rest the engine evaluates what moved, so that what stays is what it gives.
"""

from collections.abc import Mapping
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gradviz.graph import Change, Evaluation, Result, Walk, walk_back
from gradviz.graph.evaluate import same_numbers
from gradviz.graph.seeds import Seed
from gradviz.graph.walk import same_pass
from gradviz.ops.spec import Array

if TYPE_CHECKING:
    from gradviz.plan import PlanKeeper, Replay

    from .editor import Editor

REST_MS = 250
"""How long leaves must stand still before the engine evaluates them."""


class Replaying(QObject):
    """See the module's text; one for each editor, which asks it after every edit."""

    corrected = Signal(object)
    """The engine gives nodes other values than the plan did: a frozenset of ids."""
    walk_corrected = Signal()
    """The engine's backward pass is another one than the plan's."""

    def __init__(self, editor: "Editor") -> None:
        super().__init__(editor)
        self._editor = editor
        self._plans: PlanKeeper | None = None
        self._replay: Replay | None = None
        self._importing: Thread | None = None
        self._shown: dict[str, Result] = {}
        self._pass: tuple[Walk, str, Seed | None, Mapping[str, Array]] | None = None
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.settle)

    def start_anew(self) -> None:
        """Begin with the editor's present document."""
        self._plans = self._replay = None
        self._forget()

    def _forget(self) -> None:
        """Nothing that a plan gave is shown any more."""
        self._shown, self._pass = {}, None
        self._rest.stop()

    @property
    def plans(self) -> "PlanKeeper":
        """The document compiled, kept while only values change; for what runs it many times."""
        if self._plans is None:
            # Only now: the window is there sooner without the compiler.
            from gradviz.plan import PlanKeeper

            self._plans = PlanKeeper(self._editor.graph, self._editor.evaluation)
        return self._plans

    @property
    def replay(self) -> "Replay":
        """What evaluates while leaves move."""
        if self._replay is None:
            from gradviz.plan import Replay

            self._replay = Replay(self._editor.graph, self._editor.evaluation)
        return self._replay

    @property
    def why(self) -> str:
        """Why the engine evaluated what moved last; empty where a plan did, or nothing moved."""
        return "" if self._replay is None else self._replay.why

    def refresh(self, change: Change) -> frozenset[str]:
        """Bring the values up to date with a change; the ids of all nodes evaluated again."""
        if self._plans is not None:
            self._plans.refresh(change)
        if self._replay is None and not (self._compiler_there() and change.touched()):
            return self._editor.evaluation.refresh(change)
        evaluated, taken = self.replay.refresh(change), self._editor.evaluation.taken
        self._pass = None
        self._shown = {i: self._editor.evaluation.results[i] for i in taken}
        if taken:
            self._rest.start(REST_MS)
        return evaluated

    def _compiler_there(self) -> bool:
        """Whether the compiler is loaded; that takes longer than a frame, and so runs beside."""
        if self._importing is None:
            self._importing = Thread(target=load_compiler, daemon=True)
            self._importing.start()
        return not self._importing.is_alive()

    def walk(self, output: str, seed: Seed | None, before: Mapping[str, Array]) -> Walk:
        """The backward pass from ``output``; NoBackward where there is none."""
        if self._replay is None or not self._shown:
            return walk_back(self._editor.evaluation, output, seed, before)
        walk = self._replay.walk(output, seed, before)
        self._pass = (walk, output, seed, before)
        return walk

    def settle(self) -> None:
        """Let the engine evaluate what moved, and have shown what comes to something else."""
        evaluation, shown, given = self._editor.evaluation, self._shown, self._pass
        self._forget()
        evaluation.record()
        moved = frozenset(i for i, r in shown.items() if not same_numbers(r, evaluation.results[i]))
        if moved:
            self.corrected.emit(moved)
        if moved or (given is not None and is_another(given[0], evaluation, *given[1:])):
            self.walk_corrected.emit()


def is_another(
    walk: Walk, evaluation: Evaluation, output: str, seed: Seed | None, before: Mapping[str, Array]
) -> bool:
    """Whether the engine's pass has other numbers."""
    return not same_pass(walk, walk_back(evaluation, output, seed, before))


def load_compiler() -> None:
    """Import what makes plans."""
