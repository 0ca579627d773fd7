"""The page shown with no document: samples as pictures, recent files, New and Open."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gradviz import files
from gradviz.files import autosave
from gradviz.graph import Graph

from .icons import keep_icon
from .paths import sample
from .sample_card import CardGrid, SampleCard
from .theme import source, ui_font
from .thumbnails import thumbnail
from .widgets import ElidedLabel, IconButton, Wordmark, column, empty, text

MOST_RECENT: Final = 6
WIDEST: Final = 1180
FIRST: Final = (
    "bowl", "saddle", "rosenbrock", "himmelblau", "fan_out", "product_and_sum", "sine_slope",
    "broadcast", "detach", "branch", "softmax_row", "cross_entropy", "linear_regression",
    "mlp_xor", "matmul_chain", "attention", "convolution", "deep_network", "oscillator",
    "masked_nan",
)  # fmt: skip
"""The order of the samples, from the simplest on; others follow by name."""


def sample_paths() -> list[Path]:
    """The sample documents of this installation, in the order to show them."""
    rank = {name: place for place, name in enumerate(FIRST)}
    found = sample().glob("*.gradviz")
    return sorted(found, key=lambda path: (rank.get(path.stem, len(FIRST)), path.stem))


def first_sentence(words: str) -> str:
    """The first sentence of a text."""
    head, stop, _ = words.partition(". ")
    return head + "." if stop else head


def fill(holder: QWidget, title: QWidget, lines: Sequence[QWidget]) -> None:
    """Put these lines below a title, in place of those there; with none both go."""
    layout = holder.layout()
    assert isinstance(layout, QVBoxLayout)
    empty(layout)
    for line in lines:
        layout.addWidget(line)
    holder.setVisible(bool(lines))
    title.setVisible(bool(lines))


class FileButton(QPushButton):
    """A file in a line: its name, and muted what else is to say."""

    def __init__(self, name: str, about: str, meaning: str) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(meaning)
        self.setFixedHeight(32)
        title = text(name, size=13)
        folder = ElidedLabel(about, Qt.TextElideMode.ElideMiddle)
        folder.setProperty("role", "mute")
        for label in (title, folder):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        folder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 0, 10, 0)
        line.setSpacing(12)
        line.addWidget(title)
        line.addWidget(folder, 1)


class Welcome(QScrollArea):
    """See the module's text."""

    chosen = Signal(object, bool)
    """Sent with the path of a document to open, and whether it is a sample."""
    recover_wanted = Signal(object)
    """Sent with a `gradviz.files.autosave.Recovery` to open."""
    discard_wanted = Signal(object)
    """Sent with a `gradviz.files.autosave.Recovery` to give up."""
    new_wanted = Signal()
    open_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAccessibleName("Welcome")
        self._graphs: dict[Path, Graph] = {}
        self._cards = [self._card(path) for path in sample_paths()]
        self._waiting: list[SampleCard] = []
        self._left, self._left_title = column(spacing=0), self._heading("Unsaved work")
        self._recent, self._recent_title = column(spacing=0), self._heading("Recent")
        page = column(
            self._head(),
            self._left_title,
            self._left,
            self._recent_title,
            self._recent,
            self._heading("Samples"),
            CardGrid(self._cards),
            None,
            spacing=14,
            margins=(40, 44, 40, 40),
        )
        page.setMaximumWidth(WIDEST)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(page, 1000)
        line.addStretch(1)
        self.setWidget(holder)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._draw_one)
        source().changed.connect(self._redraw)

    def _heading(self, words: str) -> QWidget:
        label = text(words, "title", 15)
        label.setContentsMargins(0, 12, 0, 0)
        return label

    def _head(self) -> QWidget:
        about = text(
            "Build an expression as a graph, walk backwards through its gradients, "
            "and watch an optimizer use them.",
            "mute",
            15,
        )
        about.setWordWrap(True)
        new, open_file = QPushButton("New"), QPushButton("Open…")
        new.setProperty("kind", "primary")
        keep_icon(open_file, "open")
        new.clicked.connect(self.new_wanted)
        open_file.clicked.connect(self.open_wanted)
        for button in (new, open_file):
            button.setFont(ui_font(13, QFont.Weight.Medium))
            button.setMinimumWidth(96)
        left = column(Wordmark(30), about, spacing=8)
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(left, 1)
        line.addWidget(new)
        line.addWidget(open_file)
        return head

    def _card(self, path: Path) -> SampleCard:
        try:
            graph = files.load(path)
        except files.FileError as problem:
            broken = SampleCard(path, path.stem, str(problem))
            broken.setEnabled(False)
            return broken
        self._graphs[path] = graph
        about = first_sentence(graph.settings.description)
        card = SampleCard(path, graph.settings.title or path.stem, about)
        card.clicked.connect(lambda: self.chosen.emit(path, True))
        return card

    def show_recent(self, paths: tuple[Path, ...]) -> None:
        """List the files opened before."""
        buttons: list[QWidget] = []
        for path in paths[:MOST_RECENT]:
            button = FileButton(path.stem, str(path.parent), f"Open {path}")
            button.clicked.connect(lambda _=False, path=path: self.chosen.emit(path, False))
            buttons.append(button)
        fill(self._recent, self._recent_title, buttons)

    def show_left_behind(self, copies: Sequence[autosave.Recovery]) -> None:
        """List the work that earlier runs did not save."""
        fill(self._left, self._left_title, [self._copy(copy) for copy in copies])

    def _copy(self, copy: autosave.Recovery) -> QWidget:
        name = copy.document.stem if copy.document else "Untitled"
        when = datetime.fromtimestamp(copy.changed).strftime("%d %B, %H:%M")
        button = FileButton(name, f"changed {when}, never saved", f"Recover {name}")
        button.clicked.connect(lambda: self.recover_wanted.emit(copy))
        away = IconButton("delete", f"Give up the unsaved work of {name}")
        away.clicked.connect(lambda: self.discard_wanted.emit(copy))
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(button, 1)
        layout.addWidget(away)
        return line

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._redraw()

    def _redraw(self) -> None:
        self._waiting = [card for card in self._cards if card.path in self._graphs]
        self._next.start()

    def _draw_one(self) -> None:
        # One card at a time, so that the page can be used meanwhile.
        if self._waiting and self.isVisible():
            card = self._waiting.pop(0)
            graph = self._graphs[card.path]
            ratio = self.devicePixelRatioF()
            card.show_picture(thumbnail(card.path, graph, card.picture_size(), ratio))
            self._next.start()
