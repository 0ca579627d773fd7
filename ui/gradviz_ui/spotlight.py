"""What one view points at and the others show too: the wires of a path, elements of tensors."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

Wire = tuple[str, int]
"""A wire as its target's id and port."""
Element = tuple[int, ...]
Elements = Mapping[str, frozenset[Element]]

NOTHING: Elements = MappingProxyType({})


class Spotlight(QObject):
    """Owned by the editor; who points sets it, and sets it back when the pointer leaves."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.wires: frozenset[Wire] = frozenset()
        self.elements: Elements = NOTHING

    def show_path(self, wires: Iterable[Wire]) -> None:
        """Point at the wires of a path; none ends it."""
        chosen = frozenset(wires)
        if chosen != self.wires:
            self.wires = chosen
            self.changed.emit()

    def show_elements(self, elements: Elements = NOTHING) -> None:
        """Point at elements of nodes' tensors, by node; none ends it."""
        if dict(elements) != dict(self.elements):
            self.elements = elements
            self.changed.emit()

    def clear(self) -> None:
        """Point at nothing."""
        self.show_path(())
        self.show_elements()
