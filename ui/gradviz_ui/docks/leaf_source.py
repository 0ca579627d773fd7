"""The inspector's section of a leaf from a file: which it is, its picture, its table's columns."""

from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gradviz.files import FileError
from gradviz.files.data_files import READERS
from gradviz.files.sources import choose_columns, columns_named, is_table, source_of, table_at
from gradviz.graph import Node
from gradviz.utils.data.tables import Missing

from ..editor import Editor
from ..images import PICTURES, image_of, is_image
from ..importing import replace_leaf
from ..theme import current, qcolor, source, value_font
from ..widgets import ElidedLabel, ProblemLine, column, row, text
from ..words import breakable
from .inspector_parts import Section

MISSING: Final[tuple[tuple[Missing, str], ...]] = (
    ("mean", "the column's mean"),
    ("mark", "the mean, marked in a column"),
    ("nan", "not a number"),
)
LINE, MOST_LINES = 25, 9
HIGHEST = 180


class Picture(QWidget):
    """A picture as large as there is room, sharp where its pixels are few."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        source().changed.connect(self.update)

    @property
    def image(self) -> QImage:
        """What it shows."""
        return self._image

    def show_image(self, image: QImage) -> None:
        """Show that picture."""
        self._image = image
        self.updateGeometry()
        self.update()

    def _room(self) -> QRectF:
        if self._image.isNull():
            return QRectF()
        wide, high = self._image.width(), self._image.height()
        scale = min(max(self.width() - 2, 1) / wide, HIGHEST / high)
        return QRectF(1, 1, wide * scale, high * scale)

    def sizeHint(self) -> QSize:
        return QSize(200, int(self._room().height()) + 2)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self._room()
        painter = QPainter(self)
        fine = room.width() < 4 * self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, fine)
        painter.drawImage(room, self._image)
        painter.setPen(QPen(qcolor(current().line), 1))
        painter.drawRect(room)


class ColumnList(QListWidget):
    """The columns of a table, each chosen or not by its box; Space turns the current one."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Columns")
        self.setFont(value_font(12))
        self._showing = False

    def show_columns(self, names: tuple[str, ...], chosen: tuple[str, ...]) -> None:
        """Offer these columns, some of them chosen."""
        self._showing = True
        if names != self.names():
            self.clear()
            self.addItems(names)
            self.setFixedHeight(min(len(names), MOST_LINES) * LINE + 4)
        for place, name in enumerate(names):
            state = Qt.CheckState.Checked if name in chosen else Qt.CheckState.Unchecked
            self._item(place).setCheckState(state)
        self._showing = False

    @property
    def showing(self) -> bool:
        """Whether what changes now is not a choice of the person's."""
        return self._showing

    def _item(self, place: int) -> QListWidgetItem:
        return self.item(place)

    def names(self) -> tuple[str, ...]:
        """The columns that are offered."""
        return tuple(self._item(i).text() for i in range(self.count()))

    def chosen(self) -> tuple[str, ...]:
        """The columns that are chosen, in the table's order."""
        items = (self._item(i) for i in range(self.count()))
        return tuple(i.text() for i in items if i.checkState() is Qt.CheckState.Checked)


class SourceSection(QWidget):
    """Shown for a leaf whose elements are from a file."""

    def __init__(self, editor: Editor, node_id: str) -> None:
        super().__init__()
        self._editor, self._node_id = editor, node_id
        self.file = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.file.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.replace = small_button("Replace…", "Take another file's data in its place")
        self.replace.clicked.connect(self._ask)
        self.picture = Picture()
        self.open_columns = small_button("Choose columns…", "Read the table again, and choose")
        self.open_columns.clicked.connect(self._open)
        self.columns = ColumnList()
        self.columns.itemChanged.connect(self._chosen)
        self.missing = QComboBox()
        self.missing.setAccessibleName("Missing values become")
        self.missing.addItems([words for _, words in MISSING])
        self.missing.activated.connect(self._chosen)
        self.table = column(
            row(text("missing values become", "mute", 12), None), self.missing, self.columns,
            spacing=6,
        )  # fmt: skip
        self.table.hide()
        self.told = text("", "mute", 12)
        self.told.setWordWrap(True)
        self.problem = ProblemLine(11.5)
        said = text("from", "mute", 13)
        said.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        head = row(said, self.file, self.replace)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        offer = row(self.open_columns, None)
        parts = (head, self.picture, self.told, offer, self.table, self.problem)
        layout.addWidget(Section("Source", *parts))

    def _node(self) -> Node:
        return self._editor.graph.node(self._node_id)

    def _path(self) -> Path | None:
        folder = self._editor.path.parent if self._editor.path else None
        return source_of(self._node(), folder)

    def refresh(self) -> None:
        """Show where the elements are from; nothing where that is not said."""
        node, path = self._node(), self._path()
        self.setHidden(path is None)
        if path is None:
            return
        self.file.setText(path.name)
        self.file.setToolTip(str(path))
        data = np.asarray(node.setting("data"))
        shown = is_image(node, data.shape)
        self.picture.setHidden(not shown)
        if shown:
            self.picture.show_image(image_of(data))
        self.told.setText(told_of(node) if is_table(node) else "")
        self.told.setHidden(not is_table(node))
        self.open_columns.setHidden(not is_table(node) or self.table.isVisibleTo(self))
        if self.table.isVisibleTo(self):
            self._show_table()

    def _open(self) -> None:
        self.table.show()
        self.open_columns.hide()
        self._show_table()

    def _show_table(self) -> None:
        node, path = self._node(), self._path()
        if path is None or not is_table(node):
            self.table.hide()
            return
        missing: Missing = node.setting("missing")
        self.missing.setCurrentIndex([name for name, _ in MISSING].index(missing))
        try:
            names = table_at(path, missing).columns
        except FileError as problem:
            self._say(f"{problem}. Replace… finds it where it is now")
            self.table.hide()
            self.open_columns.show()
            return
        self._say("")
        self.columns.show_columns(names, columns_named(node.setting("columns")))

    def _chosen(self, *_: object) -> None:
        path = self._path()
        if self.columns.showing or path is None:
            return
        missing = MISSING[self.missing.currentIndex()][0]
        graph = self._editor.graph
        try:
            wanted = self.columns.chosen()
            if missing != self._node().setting("missing"):
                # Other columns say what is missing, or none: those that stay are kept.
                offered = table_at(path, missing).columns
                wanted = tuple(name for name in wanted if name in offered) or offered
            edit = choose_columns(graph, self._node_id, path, wanted, missing)
        except FileError as problem:
            self._show_table()
            self._say(str(problem))
            return
        self._say("")
        if edit.edits:
            self._editor.perform(edit)

    def _say(self, problem: str) -> None:
        self.problem.say(problem)

    def _ask(self) -> None:
        node, path = self._node(), self._path()
        folder = str(path.parent) if path is not None and path.parent.exists() else ""
        image = is_image(node, np.shape(node.setting("data")))
        endings = PICTURES if image else (".csv",) if is_table(node) else tuple(READERS)
        kinds = f"{'Pictures' if image else 'Data'} ({' '.join(f'*{e}' for e in endings)})"
        name, _ = QFileDialog.getOpenFileName(self, "Replace", folder, kinds)
        if name:
            replace_leaf(self._editor, self._node_id, Path(name))


def told_of(node: Node) -> str:
    """Which columns of its table a leaf has, and what stands in them for missing values."""
    names = ", ".join(columns_named(node.setting("columns")))
    stands = dict(MISSING)[node.setting("missing")]
    return breakable(f"{names}; missing values become {stands}")


def small_button(words: str, tip: str) -> QPushButton:
    """A button within a section."""
    button = QPushButton(words)
    button.setProperty("kind", "small")
    button.setToolTip(tip)
    return button
