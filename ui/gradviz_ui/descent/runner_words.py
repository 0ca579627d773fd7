"""What a runner's row says: how far it has come, and what became of it."""

from gradviz.descent import full_losses

from ..numbers import short
from ..widgets.plain import Role
from .happenings import FAILED, happenings
from .race import Race


def progress(race: Race, index: int) -> str:
    """``StepLR, lr 0.01 · step 26 · J = 0.2347``, and how much that has taken."""
    if index >= len(race.runners):
        return "…"
    runner, spec = race.runners[index], race.specs[index]
    path = runner.trajectory
    step = race.at(path)
    schedule = spec.at(step).schedule
    rate = f"{schedule}, lr {short(path.rates[step])}" if schedule else "no schedule"
    parts = [rate, f"step {step}", f"J = {short(full_losses(runner.objective, path)[step])}"]
    if not race.budget.by_step:
        parts.insert(2, evaluations(path.evaluations[step]))
    return " · ".join(parts)


def evaluations(count: int) -> str:
    """``1 evaluation``, ``12 evaluations``."""
    return f"{count} evaluation{'' if count == 1 else 's'}"


def happening(race: Race, index: int) -> tuple[str, Role]:
    """Why it does not go, or what its way comes to, and how that is to be coloured."""
    if index >= len(race.runners):
        return "", "mute"
    runner = race.runners[index]
    if runner.problem:
        return sentence(runner.problem), "error"
    found = happenings(race, index)
    failed = [h for h in found if h.kind == FAILED]
    step = race.at(runner.trajectory)
    due = failed[:1] or [h for h in found if h.step <= step][-1:] or found[:1]
    if not due:
        return "", "mute"
    return due[0].words, due[0].role if step >= due[0].step else "mute"


def sentence(words: str) -> str:
    """With a capital and a full stop."""
    whole = words[:1].upper() + words[1:]
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."
