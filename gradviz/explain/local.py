"""The local derivative of an operation, taken from the very rule the engine runs.

Where a rule is the upstream gradient ``g`` times something, that something, the rule with one
in place of ``g``, is the local derivative. Other rules are shown whole. Case distinctions in a
rule are decided by the values at hand, so that what is shown is what happens at this point.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from gradviz.autograd.reading import RuleValues
from gradviz.explain.simplify import is_number, simplify
from gradviz.explain.typeset import Replace, to_latex
from gradviz.ops.rules import RULE_NAMES, CompiledRule, compile_text
from gradviz.ops.spec import Op

SHAPING = ("flatten", "reshape", "expand", "sum_to_size")


@dataclass(frozen=True, slots=True)
class LocalRule:
    """What one port's gradient rule multiplies the upstream gradient by.

    ``text``: the factor over the names of ports and settings (``other``, ``2 * input``).
    ``product``: whether the rule is such a product at all; if not ``text`` is the whole rule.
    """

    text: str
    product: bool
    tree: ast.expr

    def latex(self, replace: Replace) -> str:
        """The factor in LaTeX, names put through ``replace``."""
        return to_latex(self.tree, replace)


@cache
def local_rule(op: Op, port: int) -> LocalRule | None:
    """The local derivative of ``op`` with respect to one port; None where none flows.

    Case distinctions stay, but for those that a setting's default decides.
    """
    rule = op.port(port).grad
    return None if rule is None else factor_of(choose_default(parsed(rule), op))


def local_rule_at(
    op: Op, port: int, values: RuleValues, numbers: dict[str, float]
) -> LocalRule | None:
    """The same at one point: cases decided by ``values``, ``numbers`` put in for names."""
    rule = op.port(port).grad
    if rule is None:
        return None
    decided = Decide(op, values).visit(parsed(rule))
    return factor_of(PutIn(numbers).visit(decided))


def parsed(rule: str) -> ast.expr:
    """A rule's text as a tree of its own."""
    return ast.parse(rule, mode="eval").body


def factor_of(tree: ast.expr) -> LocalRule:
    """The factor of a rule that is a product with ``g``; the rule itself where it is none."""
    if not is_product(tree):
        shown = simplify(tree)
        return LocalRule(ast.unparse(shown), False, shown)
    factor = simplify(WithoutUpstream().visit(tree))
    return LocalRule(ast.unparse(factor), True, factor)


def is_product(tree: ast.AST) -> bool:
    """Whether a rule is the upstream gradient times what does not hold it."""
    if isinstance(tree, ast.Name):
        return tree.id == "g"
    if isinstance(tree, ast.UnaryOp):
        return isinstance(tree.op, ast.USub) and is_product(tree.operand)
    if isinstance(tree, ast.BinOp):
        left, right = mentions_upstream(tree.left), mentions_upstream(tree.right)
        if isinstance(tree.op, ast.Mult) and right and not left:
            return is_product(tree.right)
        return isinstance(tree.op, (ast.Mult, ast.Div)) and not right and is_product(tree.left)
    if isinstance(tree, ast.IfExp):
        return is_product(tree.body) and is_product(tree.orelse)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        if tree.func.id == "where":
            return all(is_product(a) or is_number(a, 0) for a in tree.args[1:])
        return tree.func.id == "zeros_like"
    return False


def mentions_upstream(tree: ast.AST) -> bool:
    """Whether the upstream gradient stands anywhere in an expression."""
    return any(isinstance(n, ast.Name) and n.id in ("g", "gs") for n in ast.walk(tree))


def choose_default(tree: ast.expr, op: Op) -> ast.expr:
    """The branch of ``a if setting is None else b`` that a setting's default takes."""
    if isinstance(tree, ast.IfExp):
        name = next((n.id for n in ast.walk(tree.test) if isinstance(n, ast.Name)), "")
        return tree.body if op.defaults.get(name, 0) is None else tree.orelse
    return tree


class Decide(ast.NodeTransformer):
    """Puts in place of each case distinction the case that holds for the values at hand."""

    def __init__(self, op: Op, values: RuleValues) -> None:
        self.op = op
        self.values = values

    def evaluate(self, tree: ast.expr) -> Any:
        """What a part of the rule comes to."""
        rule = compiled_part(self.op, ast.unparse(tree))
        with np.errstate(all="ignore"):
            return rule.function(*[self.values.value(name) for name in rule.names])

    def holds(self, tree: ast.expr) -> bool | None:
        """Whether a condition holds everywhere, nowhere, or (None) here and there."""
        if mentions_upstream(tree):
            return None
        truth = np.asarray(self.evaluate(tree), dtype=bool)
        return True if truth.all() else None if truth.any() else False

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        """Lists of sizes have names of their own and no cases to decide."""
        return node

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        """As lists."""
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """The branch that is taken."""
        found = self.holds(node.test)
        if found is None:
            return self.generic_visit(node)
        return self.visit(node.body if found else node.orelse)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """The branch of ``where`` that is taken throughout; numbers for counts and steps."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "where":
            found = self.holds(node.args[0])
            if found is not None:
                return self.visit(node.args[1 if found else 2])
        if name in ("step", "terms", "count", "ties", "sign") and not mentions_upstream(node):
            number = np.unique(np.asarray(self.evaluate(node)))
            if number.size == 1:
                return ast.Constant(number.item())
        if name in SHAPING and self.keeps_shape(node):
            return self.visit(node.args[0])
        return self.generic_visit(node)

    def keeps_shape(self, node: ast.Call) -> bool:
        """Whether a change of shape leaves the shape as it is, and so the values too."""
        return np.shape(self.evaluate(node)) == np.shape(self.evaluate(node.args[0]))

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """A comparison used as a factor is one or nothing."""
        found = self.holds(node)
        return node if found is None else ast.Constant(int(found))


@cache
def compiled_part(op: Op, text: str) -> CompiledRule:
    """A part of a rule, ready to run."""
    return compile_text(op, text, RULE_NAMES)


class PutIn(ast.NodeTransformer):
    """Puts numbers in place of names."""

    def __init__(self, numbers: dict[str, float]) -> None:
        self.numbers = numbers

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The number behind a name; other names stay."""
        return ast.Constant(self.numbers[node.id]) if node.id in self.numbers else node


class WithoutUpstream(ast.NodeTransformer):
    """Puts one in place of ``g``, and in place of zeros shaped like it, zero."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """One for the gradient; other names stay."""
        return ast.Constant(1) if node.id == "g" else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Zero for ``zeros_like(g)``."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return ast.Constant(0) if name == "zeros_like" else self.generic_visit(node)
