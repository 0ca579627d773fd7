"""What a person does with the runners of a race, written to the document as edits."""

from collections.abc import Callable
from dataclasses import replace

from gradviz.descent import DescentError, RunnerSpec
from gradviz.descent.settings import checked

from ..theme import current
from .race_edits import RaceEdits
from .words import runner_title


class RunnerEdits(RaceEdits):
    """The list of runners; each edit is one step to undo."""

    def set_runner(self, index: int, spec: RunnerSpec, key: str = "") -> None:
        """Set one runner otherwise."""
        runners = list(self.specs)
        runners[index] = spec
        self.set_settings("Set a runner", key and f"runner {index} {key}", runners=tuple(runners))

    def edit_runner(
        self, index: int, edit: Callable[[RunnerSpec], RunnerSpec], key: str = ""
    ) -> str:
        """Make an edit from the start, or from the step looked at, as `from_now` says.

        The reason where what comes of it cannot be run; then all stays as it was.
        """
        spec = self.specs[index]
        edited = spec.edited(self.step_of(index) if self.from_now else 0, edit)
        try:
            checked(edited)
        except DescentError as problem:
            return str(problem)
        if edited != spec:
            self.set_runner(index, edited, key)
        return ""

    def add_runner(self, spec: RunnerSpec, at: int | None = None) -> None:
        """Add a runner, at the end or behind another, in a colour of its own, and choose it."""
        place = len(self.specs) if at is None else at
        fresh = replace(spec, colour=self._free_colour())
        kept = self._coloured()
        self._set_runners("Add a runner", (*kept[:place], fresh, *kept[place:]))
        self.choose(place)

    def duplicate_runner(self, index: int) -> None:
        """Add a runner that is set alike."""
        self.add_runner(replace(self.specs[index], visible=True), index + 1)

    def branch_runner(self, index: int) -> None:
        """Add a runner that goes the same way to the step looked at, and from there on its own."""
        spec, step = self.specs[index], self.step_of(index)
        name = f"{runner_title(spec)}, from step {step}"
        branch = replace(spec.changed(step, spec.at(step)), name=name, visible=True)
        self.add_runner(branch, index + 1)

    def remove_runner(self, index: int) -> None:
        """Take a runner out of the race; the last one stays."""
        if len(self.specs) > 1:
            kept = self._coloured()
            self._set_runners("Remove a runner", (*kept[:index], *kept[index + 1 :]))

    def move_runner(self, index: int, to: int) -> None:
        """Bring a runner to another place in the list, and choose it."""
        to = max(0, min(to, len(self.specs) - 1))
        if to != index:
            runners = list(self._coloured())
            runners.insert(to, runners.pop(index))
            self._set_runners("Move a runner", tuple(runners))
        self.choose(to)

    def show_runner(self, index: int, visible: bool) -> None:
        """Show a runner's way, or hide it."""
        label = "Show a runner" if visible else "Hide a runner"
        self._dress(label, index, replace(self.specs[index], visible=visible))

    def colour_runner(self, index: int, colour: int) -> None:
        """Give a runner another of the theme's colours."""
        self._dress("Colour a runner", index, replace(self.specs[index], colour=colour))

    def name_runner(self, index: int, name: str) -> None:
        """Call a runner so; with no name it is called after what it is."""
        shown = runner_title(replace(self.specs[index], name=""))
        kept = "" if name.strip() == shown else name.strip()
        self._dress("Name a runner", index, replace(self.specs[index], name=kept))

    def reset(self) -> None:
        """Go to the start, and leave out whatever was changed on the way."""
        kept = tuple(replace(s, then=()) for s in self.specs)
        if kept != self.specs:
            self._set_runners("Reset the race", kept)
        self.go_to(0)

    @property
    def changed_on_the_way(self) -> bool:
        """Whether any runner becomes another than it is at the start."""
        return any(s.then for s in self.specs)

    # ---------------------------------------------------------------------------------------

    def _dress(self, label: str, index: int, spec: RunnerSpec) -> None:
        runners = list(self.specs)
        runners[index] = spec
        if runners[index] != self.specs[index]:
            self._set_runners(label, tuple(runners))

    def _set_runners(self, label: str, runners: tuple[RunnerSpec, ...]) -> None:
        self.set_settings(label, runners=runners)

    def _coloured(self) -> tuple[RunnerSpec, ...]:
        """All runners, each with the colour that it has by its place."""
        return tuple(replace(s, colour=self.colour(i)) for i, s in enumerate(self.specs))

    def _free_colour(self) -> int:
        """The first colour that the fewest runners have."""
        count = len(current().plot)
        taken = [self.colour(i) % count for i in range(len(self.specs))]
        return min(range(count), key=taken.count)
