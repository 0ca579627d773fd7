"""What can be followed by step besides the loss: slopes, learning rates, how far each step goes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gradviz.descent import Trajectory
from gradviz.descent.history import lengths


@dataclass(frozen=True)
class Quantity:
    """A number a step: its name, what it is, and how it follows from a way."""

    key: str
    name: str
    doc: str
    of: Callable[["Lengths"], np.ndarray]


class Lengths:
    """How long a way's gradients and steps are, each worked out once as the way grows."""

    def __init__(self, path: Trajectory) -> None:
        self.path = path
        self.gradients = np.empty(0)
        self.moves = np.empty(0)

    def follow(self) -> None:
        """Take in the steps that came since."""
        path, known = self.path, len(self.gradients)
        if known == len(path):
            return
        self.gradients = np.concatenate([self.gradients, lengths(path.gradients[known:])])
        # The last step goes nowhere yet: how far it goes is known once the next one is there.
        begin = max(0, known - 1)
        moved = lengths(path.points[begin:], apart=True)
        self.moves = np.concatenate([self.moves[:begin], moved, [np.nan]])


def _effective(found: Lengths) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.where(found.gradients > 0, found.moves / found.gradients, np.nan)


QUANTITIES = (
    Quantity("gradient", "gradient norm", "How long the gradient of all parameters is",
             lambda found: found.gradients),
    Quantity("rate", "learning rate", "As set, and as a schedule moves it",
             lambda found: np.array(found.path.rates, float)),
    Quantity("move", "step length", "How far each step moves all parameters together",
             lambda found: found.moves),
    Quantity("effective", "effective step size",
             "The length of the step over that of the gradient: the learning rate that plain "
             "descent would have needed", _effective),
)  # fmt: skip
