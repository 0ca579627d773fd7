"""What happens on a runner's way, each at its step: it is set otherwise, forks, or goes wrong."""

from dataclasses import dataclass

from gradviz.descent import RunnerSpec

from ..widgets.plain import Role
from .race import Race
from .told import bad
from .words import changes, runner_title

CHANGED, FORKED, FAILED, SETTLED = "changed", "forked", "failed", "settled"


@dataclass(frozen=True)
class Happening:
    """That at a step something of a kind happens, in a sentence."""

    step: int
    kind: str
    words: str

    @property
    def role(self) -> Role:
        """How it is coloured where it stands in words."""
        return "error" if self.kind == FAILED else "mute"


def happenings(race: Race, index: int) -> tuple[Happening, ...]:
    """All that happens on a way, in the order of its steps, as far as the way goes."""
    if index >= len(race.runners):
        return ()
    # The runners' own specs: those of the document may be ahead of them for a moment.
    specs = tuple(r.spec for r in race.runners[: index + 1])
    path = race.runners[index].trajectory
    return race.told.kept(path, "happenings", specs, lambda: _worked_out(race, specs))


def _worked_out(race: Race, specs: tuple[RunnerSpec, ...]) -> tuple[Happening, ...]:
    """:func:`happenings` of the last of some runners."""
    index, spec = len(specs) - 1, specs[-1]
    path = race.runners[index].trajectory
    fork = forked_from(specs, index)
    found: list[Happening] = []
    if fork is not None:
        step, parent = fork
        words = f"At step {step} it forks from {runner_title(specs[parent])}."
        found.append(Happening(step, FORKED, words))
    for segment in spec.then:
        if fork is None or segment.step != fork[0]:
            words = changes(spec.at(segment.step - 1), segment.spec)
            found.append(Happening(segment.step, CHANGED, f"From step {segment.step} on {words}."))
    for event in race.events(index):
        kind = FAILED if bad(event) else SETTLED
        found.append(Happening(event.step, kind, event.sentence))
    reached = [h for h in found if h.step < len(path)]
    return tuple(sorted(reached, key=lambda h: h.step))


def forked_from(specs: tuple[RunnerSpec, ...], index: int) -> tuple[int, int] | None:
    """The step at which a runner leaves the way of one before it in the list, and which."""
    partings = [(specs[index].parts_from(specs[i]) or 0, -i) for i in range(index)]
    step, parent = max(partings, default=(0, 0))
    return (step, -parent) if step else None


def position(race: Race, index: int, step: int) -> int:
    """Where a step of a runner lies in the budget: the step, or what it had spent by then."""
    path = race.runners[index].trajectory
    return step if race.budget.by_step else path.evaluations[path.bounded(step)]
