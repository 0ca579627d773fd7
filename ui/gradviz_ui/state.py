"""What the window remembers from one day to the next: its place, theme, files and panels."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

from PySide6.QtCore import QByteArray, QSettings

from .editor import Workspace
from .recovery import recovery_folder
from .theme import ThemeName

RECENT_FILES: Final = 12


class State:
    """Remembered choices, kept by Qt where the platform keeps such things.

    What is missing, or was damaged by hand, counts as never chosen: a window must open.
    """

    def __init__(self, settings: QSettings | None = None, recovery: Path | None = None) -> None:
        """Remember in `settings`, and unsaved work in `recovery`; None: in the usual places."""
        self.recovery = recovery or recovery_folder()
        self._settings = settings or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gradviz", "gradviz"
        )

    @property
    def theme(self) -> ThemeName | None:
        """The theme chosen; None: the desktop decides."""
        chosen = self._settings.value("theme")
        return chosen if chosen in get_args(ThemeName) else None

    @theme.setter
    def theme(self, name: ThemeName) -> None:
        self._settings.setValue("theme", name)

    @property
    def workspace(self) -> Workspace:
        """The workspace last in front; at first Build."""
        chosen = self._settings.value("workspace")
        return chosen if chosen in get_args(Workspace) else "build"

    @workspace.setter
    def workspace(self, name: Workspace) -> None:
        self._settings.setValue("workspace", name)

    @property
    def reduced_motion(self) -> bool | None:
        """Whether nothing shall move by itself; None: the desktop decides."""
        return {"true": True, "false": False}.get(str(self._settings.value("reduced_motion")))

    @reduced_motion.setter
    def reduced_motion(self, reduced: bool) -> None:
        self._settings.setValue("reduced_motion", "true" if reduced else "false")

    @property
    def shortcuts(self) -> dict[str, tuple[str, ...]]:
        """The keys chosen for actions, by id; those that have their own are not in it."""
        found = self._plain("shortcuts")
        lists = {n: k for n, k in found.items() if isinstance(k, list)}
        return {n: tuple(map(str, keys)) for n, keys in lists.items()}

    @shortcuts.setter
    def shortcuts(self, chosen: Mapping[str, tuple[str, ...]]) -> None:
        self._settings.setValue("shortcuts", json.dumps(dict(chosen)))

    def _plain(self, name: str) -> dict[str, object]:
        try:
            found = json.loads(str(self._settings.value(name, "{}")))
        except json.JSONDecodeError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def on_grid(self) -> bool:
        """Whether what is dragged on the canvas goes to the dots of its ground; at first not."""
        return self._settings.value("on_grid") == "yes"

    @on_grid.setter
    def on_grid(self, wanted: bool) -> None:
        self._settings.setValue("on_grid", "yes" if wanted else "no")

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files opened or saved that are still there, the latest first."""
        return tuple(path for path in self._recent() if path.is_file())

    def _recent(self) -> list[Path]:
        try:
            found = json.loads(str(self._settings.value("recent", "[]")))
        except json.JSONDecodeError:
            found = []
        return [Path(name) for name in found if isinstance(name, str)]

    def remember_file(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        path = path.resolve()
        others = [known for known in self._recent() if known != path]
        names = [str(known) for known in (path, *others)][:RECENT_FILES]
        self._settings.setValue("recent", json.dumps(names, ensure_ascii=False))

    def arrangement(self, name: str) -> QByteArray | None:
        """Where something was (a window, a splitter), as Qt wrote it down; None if never."""
        found = self._settings.value(f"arrangement/{name}")
        return found if isinstance(found, QByteArray) else None

    def keep_arrangement(self, name: str, arrangement: QByteArray) -> None:
        """Remember where something is."""
        self._settings.setValue(f"arrangement/{name}", arrangement)

    def tab(self, name: str) -> str:
        """The tab last in front of a strip; empty if none was chosen."""
        return str(self._settings.value(f"tab/{name}", ""))

    def keep_tab(self, name: str, key: str) -> None:
        """Remember the tab in front of a strip."""
        self._settings.setValue(f"tab/{name}", key)

    def write(self) -> None:
        """Write everything down now."""
        self._settings.sync()
