"""Which keys stand for which action: those of the table, or those that the person chose."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from .state import State

Keys = tuple[str, ...]
"""Shortcuts in Qt's portable writing; the first is the one shown."""


class Keymap(QObject):
    """See the module's text; everything that shows a shortcut asks here, and follows `changed`."""

    changed = Signal()
    """An action has other keys."""

    def __init__(self) -> None:
        super().__init__()
        self._own: dict[str, Keys] = {}
        self._chosen: dict[str, Keys] = {}
        self._state: State | None = None

    def begin(self, own: Mapping[str, Keys], state: State) -> None:
        """Start from the actions' own keys by id, and from what was chosen on an earlier day.

        What is chosen from now on is kept in `state`. Of what was all that no longer fits is
        left out: other actions, keys Qt does not know, and keys that another action has.
        """
        self._own, self._state = dict(own), state
        self._chosen = {}
        for name, keys in state.shortcuts.items():
            known = name in own and all(portable(key) == key for key in keys)
            if known and keys != own[name]:
                self._chosen[name] = keys
        shared = [n for n, ks in self._chosen.items() if any(self.holders(k, n) for k in ks)]
        for name in shared:
            del self._chosen[name]
        self.changed.emit()

    @property
    def chosen(self) -> Mapping[str, Keys]:
        """What differs from the table, by id."""
        return self._chosen

    def keys(self, name: str) -> Keys:
        """The keys of an action; none where nobody knows it."""
        return self._chosen.get(name, self._own.get(name, ()))

    def own(self, name: str) -> Keys:
        """The keys that the table gives an action."""
        return self._own.get(name, ())

    def sequences(self, name: str) -> list[QKeySequence]:
        """The keys of an action as Qt's own."""
        return [QKeySequence(key) for key in self.keys(name)]

    def shown(self, name: str) -> str:
        """The first of an action's keys; empty where it has none."""
        return next(iter(self.keys(name)), "")

    def holders(self, key: str, besides: str = "") -> list[str]:
        """The actions that have that key, other than one."""
        return [name for name in self._own if name != besides and key in self.keys(name)]

    def choose(self, name: str, keys: Keys) -> None:
        """Give an action these keys and no others; other actions lose those of them they had."""
        self._put(name, keys)
        for key in keys:
            for other in self.holders(key, name):
                self._put(other, tuple(k for k in self.keys(other) if k != key))
        self._keep()

    def reset(self, name: str) -> None:
        """Give an action its own keys back; who had them meanwhile loses them."""
        self.choose(name, self.own(name))

    def reset_all(self) -> None:
        """Give every action its own keys back."""
        self._chosen = {}
        self._keep()

    def _keep(self) -> None:
        if self._state is not None:
            self._state.shortcuts = self._chosen
        self.changed.emit()

    def _put(self, name: str, keys: Keys) -> None:
        if keys == self.own(name):
            self._chosen.pop(name, None)
        else:
            self._chosen[name] = keys


def portable(key: str) -> str:
    """A shortcut in Qt's portable writing; empty where it is none."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


_KEYMAP = Keymap()


def keymap() -> Keymap:
    """The one that counts in this program."""
    return _KEYMAP


class _KeyTip(QObject):
    """A widget's tooltip, for as long as the widget lives."""

    def __init__(self, widget: QWidget, words: str, name: str) -> None:
        super().__init__(widget)
        self._widget, self._words, self._name = widget, words, name
        _KEYMAP.changed.connect(self.tell)
        self.tell()

    def tell(self) -> None:
        """Say the words, and the keys that there are now."""
        self._widget.setToolTip(f"{self._words}  {_KEYMAP.shown(self._name)}".strip())


def say_keys(widget: QWidget, words: str, name: str) -> None:
    """Have a widget's tooltip tell these words and the keys of an action, whichever they are."""
    _KeyTip(widget, words, name)
