"""Where the moments of a pass stand along a line, and what each is called."""

from collections.abc import Iterator
from functools import cache, lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QWidget

from gradviz.explain.names import shown_name

from ..editor import Editor
from ..tangents import Track, TrackStep
from ..theme import ui_font
from .backward_story import Story

MARGIN = 30.0
WIDEST = 132.0
BAR_BELOW = 14.0
"""Below this distance between moments the dots would touch: a bar takes their place."""
LINE_Y = 21.0
GAP = 10.0
Label = tuple[int, QRectF, str]
"""A moment, where its word stands, and the word as it fits there."""


class MomentScale(QWidget):
    """A widget as wide as the pass is long, or as there is room."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor, self._story = editor, Story.of(editor)
        self._named: tuple[Track | None, tuple[str, ...]] | None = None
        self._looked: tuple[object, ...] | None = None
        self._standing: list[Label] = []
        editor.changed.connect(self._forget_names)

    @property
    def moments(self) -> int:
        """How many moments there are after the one before the start."""
        track = self._story.track
        return 0 if track is None else len(track)

    @property
    def spacing(self) -> float:
        """The distance between two moments, in logical pixels."""
        return min(WIDEST, (self.width() - 2 * MARGIN) / max(1, self.moments))

    @property
    def is_bar(self) -> bool:
        """Whether moments stand too close for dots."""
        return self.spacing < BAR_BELOW

    def position(self, moment: int) -> float:
        """Where a moment stands, from the left."""
        return MARGIN + moment * self.spacing

    def moment_at(self, x: float) -> int:
        """The moment nearest to a place along the line."""
        return max(0, min(self.moments, round((x - MARGIN) / self.spacing)))

    def label(self, moment: int) -> str:
        """The word under a moment."""
        return self.names[moment - 1] if moment > 0 else "start"

    @property
    def names(self) -> tuple[str, ...]:
        """What the steps are called, worked out once a pass and after each edit."""
        track = self._story.track
        if self._named is None or self._named[0] is not track:
            steps = () if track is None else track.steps
            self._named = track, tuple(step_name(self._editor, step) for step in steps)
        return self._named[1]

    def _forget_names(self, *_: object) -> None:
        self._named = None

    def labels(self) -> Iterator[Label]:
        """The labels that fit: that of the present, and of those that stand what leave it room."""
        now = self._label_at(self._editor.moment)
        yield now
        for label in self.standing():
            if not _touch(label[1], now[1]):
                yield label

    def standing(self) -> list[Label]:
        """The labels that stand wherever the pass is: of its ends, and between as many as fit."""
        look = self.names, self.width()
        if look != self._looked:
            last = self.moments
            every = max(1, int(_metrics().averageCharWidth() * 3 / self.spacing))
            kept: list[Label] = []
            ends = (0, last)
            for moment in dict.fromkeys((*ends, *range(0, last + 1, every))):
                label = self._label_at(moment)
                # From left to right: only an end, or the one before, can be in the way.
                if not any(_touch(label[1], other[1]) for other in (*kept[:2], *kept[-1:])):
                    kept.append(label)
            self._looked, self._standing = look, kept
        return self._standing

    def _label_at(self, moment: int) -> Label:
        words, width = _fitted(self.label(moment))
        left = max(2.0, min(self.position(moment) - width / 2, self.width() - 2 - width))
        return moment, QRectF(left, LINE_Y + 12, width, _metrics().height() + 2), words


def _touch(one: QRectF, other: QRectF) -> bool:
    return one.left() < other.right() and other.left() < one.right()


@cache
def _metrics() -> QFontMetricsF:
    return QFontMetricsF(ui_font(11, QFont.Weight.DemiBold))


@lru_cache(maxsize=4096)
def _fitted(words: str) -> tuple[str, float]:
    """A label as it is shown, and how much room it takes."""
    shown = _metrics().elidedText(words, Qt.TextElideMode.ElideRight, 110)
    return shown, _metrics().horizontalAdvance(shown) + GAP


def step_name(editor: Editor, step: TrackStep) -> str:
    """What a step is called in short: ``seed``, or the node's name as on its card."""
    return "seed" if step.kind == "seed" else shown_name(editor.graph.node(step.node).name)
