"""The runners of a race: those that ran before, those that share a way with one, and new ones."""

from collections.abc import Sequence

from gradviz.descent import DescentError, Objective, Runner, RunnerSpec
from gradviz.descent.budget import Budget

CANNOT = (DescentError, RuntimeError, NotImplementedError)
"""What an optimizer raises that cannot go down an objective."""


def entered(
    before: Sequence[Runner], specs: Sequence[RunnerSpec], objective: Objective, budget: Budget
) -> list[Runner]:
    """A runner for each spec, with as much of its way as is known from those before."""
    left = list(before)
    return [_taken(left, s, budget) or _sharing(before, s, objective, budget) for s in specs]


def _taken(runners: list[Runner], spec: RunnerSpec, budget: Budget) -> Runner | None:
    """Take out of `runners` the one that goes as `spec` says, whatever it is called."""
    for index, runner in enumerate(runners):
        if runner.spec.parts_from(spec) is None and not _too_long(runner, budget):
            runner.spec = spec
            return runners.pop(index)
    return None


def _too_long(runner: Runner, budget: Budget) -> bool:
    return len(runner.trajectory) - 1 > budget.end(runner.trajectory)


def _sharing(
    before: Sequence[Runner], spec: RunnerSpec, objective: Objective, budget: Budget
) -> Runner:
    """A runner that goes on from as far as one before it went alike; else one at the start."""
    known = max(before, key=lambda r: _shared(r, spec, budget), default=None)
    step = 0 if known is None else _shared(known, spec, budget)
    try:
        if known is not None and step:
            return known.gone_on(step, spec)
        return Runner(objective, spec, objective.start())
    except CANNOT as problem:
        if known is not None and step > 1:
            # What it becomes here does not apply: it says so once it has come here again.
            return known.gone_on(step - 1, spec)
        return Runner.standing(objective, spec, objective.start(), str(problem))


def _shared(runner: Runner, spec: RunnerSpec, budget: Budget) -> int:
    """The last step of a runner's way that is a good place to go on from as `spec` says."""
    if runner.problem:
        return 0
    path = runner.trajectory
    ends = [budget.end(path), len(path) - 1]
    parting = runner.spec.parts_from(spec)
    if parting is not None:
        ends.append(parting)
    if path.diverged is not None:
        ends.append(path.diverged - 1)
    return max(0, min(ends))
