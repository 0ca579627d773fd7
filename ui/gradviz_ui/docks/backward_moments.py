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


class MomentScale(QWidget):
    """A widget as wide as the pass is long, or as there is room."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor, self._story = editor, Story.of(editor)

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
        return self._name(self._story.track, moment)

    def _name(self, track: Track | None, moment: int) -> str:
        if moment == 0 or track is None:
            return "start"
        return step_name(self._editor, track.steps[moment - 1])

    def labels(self) -> Iterator[tuple[int, QRectF, str]]:
        """The labels that fit, those of the present and of the ends before others."""
        # Asked once for all: these are many moments, and each answer goes through the pass.
        taken: list[tuple[float, float]] = []
        now, last, spacing, track = (
            self._editor.moment,
            self.moments,
            self.spacing,
            self._story.track,
        )
        wanted = dict.fromkeys((now, 0, last))
        every = max(1, int(_metrics().averageCharWidth() * 3 / spacing))
        height, room = _metrics().height() + 2, self.width() - 2
        wanted |= dict.fromkeys(range(0, last + 1, every))
        for moment in wanted:
            words, width = _fitted(self._name(track, moment))
            left = max(2.0, min(MARGIN + moment * spacing - width / 2, room - width))
            if all(left + width <= start or end <= left for start, end in taken):
                taken.append((left, left + width))
                yield moment, QRectF(left, LINE_Y + 12, width, height), words


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
