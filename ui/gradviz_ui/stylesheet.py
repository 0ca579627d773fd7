"""The style sheet of the standard widgets, because Fusion alone looks like nobody's program.

Own widgets paint themselves; a standard widget takes a variant through a dynamic property:
``button.setProperty("kind", "primary")`` with primary, plain or danger; ``label.setProperty("role",
…)`` with mute, title, value, gradient or error; ``frame.setProperty("role", "panel")``.
"""

import string
from collections.abc import Mapping

from .paths import resource

_GROUND = """
QWidget { color: $ink; selection-background-color: $sel; selection-color: $on_fill; }
QMainWindow, QDialog, QMessageBox { background: $panel; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $sel; }
QFrame[role="panel"], QWidget[role="panel"] { background: $panel; }
QFrame[role="problem"] { border: 1px solid transparent; border-bottom-color: $line; }
QFrame[role="problem"]:hover { background: $hover; }
QFrame[role="problem"][chosen="true"] { background: $pressed; }
QFrame[role="problem"]:focus { border: 1px solid $sel; }
QFrame[role="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="column"] { background: $line; border: none; max-width: 1px; min-width: 1px; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $sel; }
QDockWidget { font-weight: 600; }
QDockWidget::title { background: $panel; padding: 9px 14px; border-bottom: 1px solid $line; }
QStatusBar { background: $panel; border-top: 1px solid $line; color: $mute; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $mute; padding: 0 6px; }
QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; spacing: 4px;
  padding: 5px 10px; }
QToolTip { background: $card; color: $ink; border: 1px solid $line; padding: 5px 8px; }
QScrollArea, QStackedWidget { background: transparent; border: none; }
QLabel[role="mute"] { color: $mute; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="value"] { color: $val; }
QLabel[role="gradient"] { color: $grad; }
QLabel[role="tangent"] { color: $parameter; }
QLabel[role="now"] { color: $warn; }
QLabel[role="ok"] { color: $ok; }
QLabel[role="error"] { color: $error; }
QLabel[role="parameter"] { color: $parameter; }
QLabel:disabled { color: $faint; }
QGroupBox { border: none; border-top: 1px solid $line; margin-top: 12px; padding-top: 12px; }
QGroupBox::title { subcontrol-origin: margin; left: 0; padding-right: 8px; color: $mute; }
"""

_BUTTONS = """
QPushButton { background: $panel; border: 1px solid $line; border-radius: 6px; padding: 5px 14px;
  min-height: 18px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border-color: $sel; }
QPushButton:disabled { color: $faint; background: transparent; }
QPushButton[kind="primary"], QPushButton:default { background: $sel; border-color: $sel;
  color: $on_fill; font-weight: 600; }
QPushButton[kind="primary"]:hover, QPushButton:default:hover { background: $sel_hover; }
QPushButton[kind="primary"]:pressed, QPushButton:default:pressed { background: $sel_pressed; }
QPushButton[kind="primary"]:focus, QPushButton:default:focus { border-color: $ink; }
QPushButton[kind="primary"]:disabled { background: $pressed; border-color: $pressed;
  color: $faint; }
QPushButton[kind="plain"] { background: transparent; border-color: transparent; color: $mute;
  padding: 5px 8px; }
QPushButton[kind="plain"]:hover { background: $hover; color: $ink; }
QPushButton[kind="plain"]:pressed, QPushButton[kind="plain"]:checked { background: $pressed;
  color: $ink; }
QPushButton[kind="plain"]:disabled { color: $faint; }
QPushButton[kind="plain"]:focus { border-color: $sel; }
QPushButton[kind="small"] { border-radius: 5px; padding: 0px 9px; min-height: 22px; }
QPushButton[waiting="true"] { border-color: $act; background: $achip; color: $warn; }
QPushButton[kind="field"] { border-radius: 5px; padding: 0px 9px; min-height: 26px;
  text-align: left; }
QPushButton[kind="danger"] { color: $error; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px;
  padding: 4px; color: $mute; }
QToolButton:hover { background: $hover; color: $ink; }
QToolButton:pressed, QToolButton:checked, QToolButton:open { background: $pressed; color: $ink; }
QToolButton:focus { border-color: $sel; }
QToolButton:disabled { color: $faint; }
QToolButton::menu-indicator { image: none; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator { width: 14px; height: 14px;
  border: 1px solid $wire; background: $panel; }
QCheckBox::indicator, QListView::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $sel; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $sel; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: $sel; border-color: $sel;
  image: url("$check"); }
QCheckBox::indicator:indeterminate { background: $chip; border-color: $sel; }
QRadioButton::indicator:checked { background: $panel; border: 5px solid $sel; width: 6px;
  height: 6px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line;
  background: $hover; }
"""

_FIELDS = """
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit, QAbstractSpinBox {
  background: $field; border: 1px solid $line; border-radius: 6px; padding: 4px 8px;
  placeholder-text-color: $faint; }
QLineEdit, QAbstractSpinBox, QComboBox { min-height: 18px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $wire; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
  border-color: $sel; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faint;
  background: transparent; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QPlainTextEdit[invalid="true"] {
  border-color: $error; background: $echip; }
QLineEdit[role="value"] { color: $val; }
QLineEdit[role="gradient"] { color: $grad; }
QAbstractSpinBox { padding: 4px 20px 4px 6px; qproperty-alignment: "AlignRight | AlignVCenter"; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { background: transparent; border: none;
  border-radius: 0; padding: 0; min-height: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 20px; border: none;
  background: transparent; subcontrol-origin: border; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover;
  border-radius: 4px; }
QAbstractSpinBox::up-arrow { image: url("$up"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("$down"); width: 10px; height: 10px; }
QComboBox { padding-right: 24px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url("$down"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $line; padding: 4px;
  outline: none; }
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 6px; border-radius: 4px; }
QSlider::groove:horizontal { height: 3px; border-radius: 1px; background: $track; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border-radius: 6px;
  background: $sel; }
QSlider::groove:vertical { width: 3px; border-radius: 1px; background: $track; }
QSlider::handle:vertical { width: 12px; height: 12px; margin: 0 -5px; border-radius: 6px;
  background: $sel; }
QSlider::handle:hover { background: $sel_hover; }
QSlider::handle:disabled { background: $faint; }
QProgressBar { background: $track; border: none; border-radius: 2px; max-height: 4px;
  min-height: 4px; color: transparent; }
QProgressBar::chunk { background: $sel; border-radius: 2px; }
"""

_VIEWS = """
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; border: none; }
QTabBar::tab { background: transparent; border: none; color: $mute; padding: 9px 0 9px 0;
  margin: 0 8px; font-weight: 500; }
QTabBar::tab:first { margin-left: 14px; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:selected { color: $ink; font-weight: 600; }
QTabBar::tab:focus { color: $sel; }
QTabBar::tab:disabled { color: $faint; }
QTabBar#documents { background: $panel; border-bottom: 1px solid $line; }
QTabBar#documents::tab { padding: 0 4px 0 14px; margin: 0; min-width: 72px; max-width: 260px;
  height: 31px; border-right: 1px solid $line; border-bottom: 2px solid transparent; }
QTabBar#documents::tab:hover { background: $hover; }
QTabBar#documents::tab:selected { background: $bg; border-bottom-color: $sel; font-weight: 500; }
QTabBar#documents[away="true"]::tab:selected { background: transparent; color: $mute;
  border-bottom-color: transparent; }
QTabBar#documents::tab:focus { color: $sel; }
QTabBar#documents[still="true"] { widget-animation-duration: 0; }
QTabBar#documents QToolButton { padding: 2px; }
QMenuBar { background: $panel; border: none; padding: 2px 8px; }
QMenuBar::item { padding: 5px 10px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $card; border: 1px solid $line; padding: 5px; }
QMenu::item { padding: 6px 28px 6px 10px; border-radius: 5px; }
QMenu::item:selected { background: $chip; color: $ink; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 12px; height: 12px; margin-left: 8px; }
QMenu::indicator:checked { image: url("$tick"); }
QMenu::right-arrow { image: url("$right"); width: 12px; height: 12px; margin-right: 6px; }
QAbstractItemView { background: $panel; alternate-background-color: $bg; border: none;
  outline: none; selection-background-color: $chip; selection-color: $ink; gridline-color: $line; }
QListView::item, QTreeView::item { padding: 4px 6px; border: none; border-radius: 5px; }
QTableView::item { padding: 3px 8px; border: none; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: $chip;
  color: $ink; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url("$right"); }
QTreeView::branch:has-children:open { image: url("$down"); }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: $panel; color: $mute; border: none;
  border-bottom: 1px solid $line; padding: 5px 8px; font-weight: 500; }
QHeaderView::section:vertical { border-bottom: none; }
QTableCornerButton::section { background: $panel; border: none; border-bottom: 1px solid $line; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; margin: 0; }
QScrollBar:horizontal { height: 10px; margin: 0; }
QScrollBar::handle { background: $thumb; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $wire; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
"""

_SHEET = string.Template(_GROUND + _BUTTONS + _FIELDS + _VIEWS)


def stylesheet(theme: str, colours: Mapping[str, str]) -> str:
    """The whole application's style sheet.

    Args:
        theme: the theme's name, which picks the marks drawn in its colours.
        colours: a colour for every field of a theme.

    Raises:
        KeyError: the style sheet uses a colour that is not given.
    """
    marks = {
        mark: resource(f"themes/{mark}-{theme}.svg").as_posix()
        for mark in ("check", "tick", "up", "down", "right")
    }
    return _SHEET.substitute({**colours, **marks})
