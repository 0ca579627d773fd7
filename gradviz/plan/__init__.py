"""A graph compiled to a straight-line program: fast repeats, whole grids in one call."""

from gradviz.plan.plan import Plan, compile_plan
from gradviz.plan.trace import PlanError

__all__ = ["Plan", "PlanError", "compile_plan"]
