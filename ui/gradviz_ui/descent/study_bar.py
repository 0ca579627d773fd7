"""How far a study is, in the line of its title: progress and cancel, or out of date and run."""

from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from ..widgets import PanelHeader, text
from ..widgets.plain import restyle
from .race import Race
from .study import Study
from .words import runner_title


class StudyHeader(PanelHeader):
    """See the module's text. `note` stands beside the title: whom it is about."""

    def __init__(self, race: Race, title: str, *studies: Study) -> None:
        super().__init__(title, ruled=True)
        self._race, self._studies = race, studies
        self.state = text("", "mute", 12)
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setFixedWidth(90)
        self.progress.setTextVisible(False)
        self.button = QPushButton("Cancel")
        self.button.setProperty("kind", "small")
        self.button.clicked.connect(self._press)
        for part in (self.state, self.progress, self.button):
            self.add(part)
        for study in studies:
            study.changed.connect(self.show_now)
        race.stepped.connect(self._name)
        race.prepared.connect(self._name)
        self.show_now()
        self._name()

    def _name(self) -> None:
        if self._race.chosen < len(self._race.specs):
            self.set_note(runner_title(self._race.specs[self._race.chosen]))

    def _running(self) -> Study | None:
        return next((s for s in self._studies if s.running), None)

    def show_now(self) -> None:
        """Show how far it is."""
        running = self._running()
        stale = any(s.stale for s in self._studies)
        waiting = any(s.waiting for s in self._studies)
        self.progress.setVisible(running is not None)
        self.progress.setValue(round(100 * running.share) if running else 0)
        self.button.setVisible(running is not None or waiting)
        self.button.setText("Cancel" if running else "Run")
        self.state.setText("out of date" if stale else "")
        self.state.setVisible(stale)
        restyle(self.state, role="now" if stale else "mute")

    def _press(self) -> None:
        if self._running() is not None:
            for study in self._studies:
                study.cancel()
        else:
            for study in self._studies:
                if study.waiting:
                    study.run()


class Problem(QWidget):
    """Why there is nothing to see, in a sentence; nothing where there is no reason."""

    def __init__(self, *studies: Study) -> None:
        super().__init__()
        self._studies = studies
        self.words = text("", "error", 12)
        self.words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 6, 14, 2)
        layout.addWidget(self.words)
        for study in studies:
            study.changed.connect(self.show_now)
        self.show_now()

    def show_now(self) -> None:
        """Show the reason there is now."""
        reasons = [s.problem for s in self._studies if s.problem]
        self.setVisible(bool(reasons))
        reason = reasons[0] if reasons else ""
        self.words.setText(reason[:1].upper() + reason[1:])
