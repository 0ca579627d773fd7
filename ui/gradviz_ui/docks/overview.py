"""The whole pass at a glance: sizes, health, curvature, and a comparison with a pinned one."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ..editor import Editor
from ..widgets import FlatTabs
from .backward_words import scrolled
from .overview_compare import ComparePage
from .overview_curvature import CurvaturePage
from .overview_health import HealthPage
from .overview_sizes import SizesPage


class OverviewPanel(QWidget):
    """A page for each question about a whole pass; only the one in sight is worked out."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sizes = SizesPage(editor)
        self.health = HealthPage(editor)
        self.curvature = CurvaturePage(editor)
        self.compare = ComparePage(editor)
        self.tabs = FlatTabs()
        for key, title, page in (
            ("sizes", "Sizes", self.sizes), ("health", "Health", self.health),
            ("curvature", "Curvature", self.curvature), ("compare", "Compare", self.compare),
        ):  # fmt: skip
            self.tabs.add(key, title, scrolled(page))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
