"""One runner in the list: what it is, how fast it learns, how far it has come."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from gradviz.descent import RunnerSpec

from ..theme import current, qcolor, source
from ..widgets import IconButton, SliderScale, Steady, ValueSlider, restyle, text, thin_line
from .race import Race
from .runner_dot import Dot
from .runner_form import RunnerForm
from .runner_menu import colour_menu, deed_of, runner_menu
from .runner_name import RunnerName
from .runner_words import happening, progress
from .words import compact, rate_of, rate_setting, runner_title

MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class RunnerRow(QWidget):
    """See the module's text. A click chooses the runner, a drag brings it to another place; its
    keys are those of its menu, F2 for its name, C for its colour and Return for its settings.
    """

    dragged = Signal(object, QPointF)
    """Sent with the row and the mouse's place on the screen while it is dragged."""
    dropped = Signal(object)
    """Sent with the row when a drag ends."""
    stepped = Signal(object, int)
    """Sent with the row when a key asks for the one before (−1) or behind it."""

    def __init__(self, race: Race, index: int) -> None:
        super().__init__()
        self._race, self.index = race, index
        self.spec: RunnerSpec | None = None
        self._shown: object = None
        self._pressed: QPointF | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.dot = Dot()
        self.dot.clicked.connect(lambda shown: race.show_runner(self.index, bool(shown)))
        self.title = RunnerName()
        self.title.named.connect(self._name)
        self.rate = text("", "mute", 12, figures=True)
        self.slider = ValueSlider(SliderScale(1e-4, 1.0, log=True), "lr")
        self.slider.moved.connect(lambda value: self._set_rate(value, False))
        self.slider.released.connect(lambda value: self._set_rate(value, True))
        self.state = text("", "mute", 11)
        self.told = text("", "error", 11)
        self.form = RunnerForm(race, index)
        self.form.hide()
        self.menu_button = IconButton("more", "What to do with this runner", size=15)
        self.menu_button.clicked.connect(self._open_menu)
        self.more = IconButton("chevron-down", "Settings", size=15)
        self.more.clicked.connect(self.toggle_form)
        self._assemble()
        source().changed.connect(self.show_now)

    def _assemble(self) -> None:
        for label in (self.state, self.told):
            label.setWordWrap(True)
            label.setMinimumWidth(60)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.dot)
        top.addWidget(self.title, 1)
        top.addWidget(self.rate)
        for button in (self.menu_button, self.more):
            button.setFixedSize(22, 22)
            top.addWidget(button)
        inner = QVBoxLayout()
        inner.setContentsMargins(12, 7, 8, 9)
        inner.setSpacing(3)
        inner.addLayout(top)
        for part in (self.slider, Steady(self.state), self.told, self.form):
            inner.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(inner)
        layout.addWidget(thin_line())

    # what is shown ---------------------------------------------------------------------------

    def place(self, index: int) -> None:
        """Be the row of the runner at that place in the list."""
        self.index = self.form.index = index

    def show_spec(self) -> None:
        """Show the runner as it is set."""
        self.spec = spec = self._race.specs[self.index]
        self.setAccessibleName(runner_title(spec))
        self.title.show_name(runner_title(spec))
        self.dot.show_state(self._race.colour(self.index), spec.visible)
        self.show_now()

    def show_now(self) -> None:
        """Show what it is at the step looked at, and how far it has come."""
        race, index = self._race, self.index
        spec = race.specs[index].at(race.step_of(index))
        chosen = index == race.chosen and len(race.specs) > 1
        now = spec, race.colour(index), current().name, chosen
        if now != self._shown:
            self._shown = now
            self._show_settings(spec)
            self.update()
        self.state.setText(progress(self._race, self.index))
        words, role = happening(self._race, self.index)
        self.told.setText(words)
        self.told.setHidden(not words)
        restyle(self.told, role=role)

    def _show_settings(self, spec: RunnerSpec) -> None:
        self.rate.setText(f"lr {compact(rate_of(spec))}")
        self.slider.set_colour(current().series(self._race.colour(self.index)))
        scale = rate_setting(spec)
        if (scale.low, scale.high) != (self.slider.scale.low, self.slider.scale.high):
            self.slider.set_scale(SliderScale(scale.low, scale.high, log=True))
        self.slider.set_value(rate_of(spec))
        self.form.show_spec()

    def toggle_form(self) -> None:
        """Show or hide every setting."""
        opened = self.form.isHidden()
        self.form.setVisible(opened)
        self.more.show_icon("chevron-up" if opened else "chevron-down", "Settings")
        self._race.choose(self.index)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, race = current(), self._race
        if self._dragging:
            painter.fillRect(self.rect(), qcolor(theme.pressed))
        if self.index == race.chosen and len(race.specs) > 1:
            painter.fillRect(self.rect(), qcolor(theme.hover))
            edge = qcolor(theme.series(race.colour(self.index)))
            painter.fillRect(0, 0, 2, self.height() - 1, edge)
        if self.hasFocus():
            painter.setPen(qcolor(theme.sel))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -2))

    # hands -----------------------------------------------------------------------------------

    def _set_rate(self, value: float, last: bool) -> None:
        self._race.choose(self.index)
        self.form.set_value("lr", value, last)

    def _name(self, name: str) -> None:
        self.setFocus()
        self._race.name_runner(self.index, name)

    def _open_menu(self) -> None:
        self._show_menu(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))

    def _show_menu(self, place: QPoint) -> None:
        self._race.choose(self.index)
        runner_menu(self._race, self.index, self.title.edit, self).popup(place)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._show_menu(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._race.choose(self.index)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        moved = (event.position() - self._pressed).manhattanLength()
        if self._dragging or moved >= QApplication.startDragDistance():
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(self, event.globalPosition())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        if self._dragging:
            self._dragging = False
            self.unsetCursor()
            self.dropped.emit(self)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.title.geometry().contains(event.position().toPoint()):
            self.title.edit()

    def event(self, event: QEvent) -> bool:
        # What a menu of the window would take is the row's while it has the focus.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            named = event.key() in (Qt.Key.Key_F2, Qt.Key.Key_C)
            if deed_of(event) is not None or (named and not event.modifiers()):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed, key = deed_of(event), Qt.Key(event.key())
        if deed is not None:
            if deed.able(self._race, self.index):
                deed.do(self._race, self.index)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle_form()
        elif key == Qt.Key.Key_F2:
            self.title.edit()
        elif key == Qt.Key.Key_C:
            below = self.dot.mapToGlobal(self.dot.rect().bottomLeft())
            colour_menu(self._race, self.index, self).popup(below)
        elif key in MOVES:
            self.stepped.emit(self, MOVES[key])
        else:
            super().keyPressEvent(event)
