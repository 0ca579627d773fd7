"""Problems: what has no value and why, what is probably wrong, and a button for each way out."""

from typing import Final, Literal

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gradviz.graph.document import id_key
from gradviz.graph.findings import Finding, Fix

from ..editor import Editor
from ..icons import icon_pixmap
from ..theme import current, source, ui_font
from ..widgets import restyle, row, scroll_area, text
from ..words import breakable

Look = Literal["error", "missing", "warning", "waiting"]
Problem = tuple[str, Look, str, tuple[Fix, ...]]
LOOKS: Final[dict[Look, tuple[str, str, str]]] = {
    "error": ("error", "error", "Error"),
    "missing": ("minus", "mute", "Missing input"),
    "warning": ("warning", "warn", "Warning"),
    "waiting": ("pause", "faint", "Waiting"),
}
MOST = 100
SIDE, ROOM = 16, 248


class FixButton(QPushButton):
    """What a fix is called, elided where there is no room for it."""

    def __init__(self, fix: Fix) -> None:
        super().__init__()
        self._label = fix.label
        self.setProperty("kind", "small")
        self.setFont(ui_font(12))
        # A click leaves the focus where it is: the button goes with what it mends.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(fix.label)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setText(fix.label)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._label) + 24, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 24)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        elide = Qt.TextElideMode.ElideMiddle
        shown = self.fontMetrics().elidedText(self._label, elide, self.width() - 22)
        if shown != self.text():
            self.setText(shown)
        self.setToolTip("" if shown == self._label else self._label)


class ProblemRow(QFrame):
    """One problem; a click or Enter goes to its node, the arrows to other rows."""

    chosen = Signal(str)
    fix_wanted = Signal(object)

    def __init__(self, node: str, look: Look, words: str, fixes: tuple[Fix, ...] = ()) -> None:
        super().__init__()
        self.node, self.words = node, words
        self.look: Look = look
        self.setProperty("role", "problem")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{LOOKS[look][2]}: {words}")
        self._mark = QLabel()
        self._mark.setFixedSize(SIDE, SIDE)
        self.says = text(breakable(words), "mute" if look == "waiting" else "plain", 12.5)
        self.says.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.says.setSizePolicy(policy)
        self.buttons = tuple(self._button(fix) for fix in fixes)
        beside = QVBoxLayout()
        beside.setSpacing(5)
        beside.addWidget(self.says)
        for together in packed(self.buttons):
            beside.addWidget(row(*together, None, spacing=6))
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 9, 12, 10)
        line.setSpacing(9)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(beside, 1)
        self._colour()
        source().changed.connect(self._colour)

    def _button(self, fix: Fix) -> FixButton:
        button = FixButton(fix)
        button.clicked.connect(lambda: self.fix_wanted.emit(fix))
        return button

    def _colour(self) -> None:
        name, colour, _ = LOOKS[self.look]
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(icon_pixmap(name, SIDE, getattr(current(), colour), ratio))

    def show_selected(self, selected: bool) -> None:
        """Show whether its node is selected."""
        restyle(self, chosen=selected)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.chosen.emit(self.node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.node)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.beside(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def beside(self, below: bool) -> None:
        """Give the focus to the next row, or the one before."""
        parent = self.parentWidget()
        assert parent is not None, "a row stands in a list"
        rows = [r for r in parent.children() if isinstance(r, ProblemRow)]
        place = rows.index(self) + (1 if below else -1)
        if 0 <= place < len(rows):
            rows[place].setFocus(Qt.FocusReason.TabFocusReason)


def packed(buttons: tuple[FixButton, ...]) -> list[list[FixButton]]:
    """Buttons in lines, as many in each as there mostly is room for."""
    lines: list[list[FixButton]] = []
    for button in buttons:
        wide = sum(b.sizeHint().width() + 6 for b in (lines[-1] if lines else ()))
        if lines and wide + button.sizeHint().width() <= ROOM:
            lines[-1].append(button)
        else:
            lines.append([button])
    return lines


class ProblemsPanel(QWidget):
    """See the module's text."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self.rows: tuple[ProblemRow, ...] = ()
        self.none = text("Every node has a value, and nothing looks wrong.", "mute", 13)
        self.none.setWordWrap(True)
        self.none.setContentsMargins(14, 14, 14, 0)
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.none.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._area = scroll_area()
        self._area.setAccessibleName("Problems")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.none)
        layout.addWidget(self._area, 1)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        for signal in (editor.replaced, editor.evaluated, editor.advice.changed):
            signal.connect(self._stale)
        editor.selection_changed.connect(self._mark)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._editor.advice.refresh()
        self._show()

    def _stale(self, *_: object) -> None:
        if self.isVisible():
            self._soon.start()

    def _found(self) -> list[Problem]:
        graph, results = self._editor.graph, self._editor.evaluation.results
        found: tuple[Finding, ...] = self._editor.advice.all
        waiting: list[Problem] = [
            (node, "waiting", f"{graph.node(node).name} waits for {names}", ())
            for node in sorted(graph.nodes, key=id_key)
            if (names := ", ".join(graph.node(i).name for i in results[node].waiting))
        ]
        return [*((f.node, f.kind, f.text, f.fixes) for f in found), *waiting]

    def _show(self) -> None:
        found = self._found()
        shown = [
            (r.node, r.look, r.words, [b.accessibleName() for b in r.buttons]) for r in self.rows
        ]
        if shown == [(n, k, w, [f.label for f in x]) for n, k, w, x in found[:MOST]]:
            return
        focus = self.window().focusWidget() or self
        focused = next(
            (i for i, r in enumerate(self.rows) if r is focus or r.isAncestorOf(focus)), None
        )
        self.rows = tuple(ProblemRow(*each) for each in found[:MOST])
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for each in self.rows:
            each.chosen.connect(self._editor.go_to)
            each.fix_wanted.connect(self._editor.advice.apply)
            layout.addWidget(each)
        if len(found) > MOST:
            more = text(f"and {len(found) - MOST:,} more", "mute", 12)
            more.setContentsMargins(37, 8, 12, 8)
            layout.addWidget(more)
        layout.addStretch(1)
        self._area.setWidget(inside)
        self.none.setVisible(not found)
        self._area.setVisible(bool(found))
        self._mark()
        if focused is not None:
            place = min(focused, len(self.rows) - 1)
            after = self.rows[place] if self.rows else self.none
            after.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark(self, *_: object) -> None:
        """Show which problems the selection has, and the first of them in sight."""
        chosen = [each for each in self.rows if each.node in self._editor.selection]
        for each in self.rows:
            each.show_selected(each in chosen)
        if chosen and self.isVisible():
            self._area.ensureWidgetVisible(chosen[0], 0, 8)
