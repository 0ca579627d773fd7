"""A graph compiled to a straight-line program: fast repeats, whole grids in one call."""

from gradviz.plan.compiling import compile_function, compile_plan
from gradviz.plan.keeping import PlanKeeper
from gradviz.plan.left import left_to_engine
from gradviz.plan.loop import Descent
from gradviz.plan.outline import PlanError
from gradviz.plan.plan import Plan, State
from gradviz.plan.replaying import Replay

__all__ = [
    "Descent",
    "Plan",
    "PlanError",
    "PlanKeeper",
    "Replay",
    "State",
    "compile_function",
    "compile_plan",
    "left_to_engine",
]
