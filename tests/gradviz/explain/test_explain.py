"""The words, formulas and checks of single steps, to the letter."""

import numpy as np
import pytest

from gradviz.explain import Explanation, explain_moment, label, latex_label, local_rule, trial_of
from gradviz.graph import AddNode, AddWire, Evaluation, Graph, Node, Walk, Wire, walk_back
from gradviz.ops.table import OPS
from gradviz.program import graph_from_source


class Builder:
    """Builds graphs in few words."""

    def __init__(self) -> None:
        self.graph = Graph()

    def leaf(self, name: str, value: object, needs: bool = True) -> str:
        data = np.asarray(value, np.float32)
        node = Node(name, "tensor", name, {"data": data, "requires_grad": needs})
        self.graph.apply(AddNode(node))
        return name

    def op(self, op: str, *sources: str | float, name: str = "", **attrs: object) -> str:
        shown = name or self.graph.free_name(op)
        literals = {i: s for i, s in enumerate(sources) if not isinstance(s, str)}
        self.graph.apply(AddNode(Node(shown, op, shown, attrs, literals)))
        for port, source in enumerate(sources):
            if isinstance(source, str):
                self.graph.apply(AddWire(Wire(source, shown, port)))
        return shown

    def walk(self, output: str) -> tuple[Evaluation, Walk]:
        evaluation = Evaluation(self.graph)
        return evaluation, walk_back(evaluation, output)

    def told(self, output: str, node: str) -> Explanation:
        evaluation, walk = self.walk(output)
        moment = walk.moment_of(node)
        assert moment is not None
        return explain_moment(evaluation, walk, moment)


def regression() -> Builder:
    build = Builder()
    build.leaf("w", 2.0)
    build.leaf("x", -1.5, needs=False)
    build.leaf("b", 0.5)
    build.leaf("y", 0.5, needs=False)
    build.op("mul", "w", "x")
    build.op("add", "mul", "b")
    build.op("sub", "add", "y")
    build.op("pow", "sub", 2, name="loss")
    return build


def test_a_product_is_told_with_both_factors_and_what_is_not_needed() -> None:
    told = regression().told("loss", "mul")
    assert told.text() == (
        "Through mul. loss changes by −6.000 for each unit that w·x changes.\n"
        "Each unit of w moves w·x by the other factor, x = −1.500. A unit of w changes w·x by "
        "−1.500, so it changes loss by −6.000 × −1.500 = 9.000.\n"
        "x does not need a gradient: nothing is sent to it."
    )
    row = told.rows[0]
    assert row.local_formula == (
        r"\frac{\partial (w \cdot x)}{\partial w} = x = \textcolor{val}{-1.500}"
    )
    assert told.formulas[0].endswith(
        r"(\textcolor{grad}{-6.000}) \cdot (\textcolor{val}{-1.500}) = \textcolor{grad}{9.000}"
    )


def test_the_output_node_speaks_of_the_seed_and_not_of_itself() -> None:
    told = regression().told("loss", "loss")
    assert "loss changes by 1.000 for each unit that loss changes" not in told.text()
    assert told.text().startswith("Through loss (pow). The pass has just started")


def test_a_power_shows_the_case_that_holds_with_its_number_worked_out() -> None:
    row = regression().told("loss", "loss").rows[0]
    assert row.local_formula.endswith(r"= 2 \cdot (w \cdot x + b - y) = \textcolor{val}{-6.000}")


def test_every_kind_of_span_carries_its_colour() -> None:
    spans = [s for p in regression().told("loss", "mul").sentences for s in p]
    assert {s.text for s in spans if s.kind == "gradient"} == {"−6.000", "9.000"}
    assert {s.text for s in spans if s.kind == "value"} == {"−1.500"}
    assert {s.text for s in spans if s.kind == "name"} == {"loss", "w·x", "w", "x"}


def test_a_fan_out_is_told_term_by_term() -> None:
    build = Builder()
    build.leaf("x", 2.0)
    build.op("mul", "x", 4.0, name="a")
    build.op("mul", "x", 6.0, name="b")
    build.op("mul", "x", 1.0, name="c")
    build.op("add", "a", "b", name="ab")
    build.op("add", "ab", "c", name="J")
    evaluation, walk = build.walk("J")
    said = [explain_moment(evaluation, walk, m).text() for m in range(len(walk) + 1)]
    sums = [line for text in said for line in text.split("\n") if "is used" in line]
    assert sums == [
        "x is used 3 times; so far 1.000, 2 more to come.",
        "x is used 3 times; so far 1.000 + 6.000 = 7.000, one more to come.",
        "x is used 3 times; all its terms are here: 1.000 + 6.000 + 4.000 = 11.00.",
    ]
    assert "1.000 + 6.000 + 4.000 = 11.00" in said[-1]
    assert said[-1].endswith("every gradient is known.")


def test_a_broadcast_has_a_line_of_its_own() -> None:
    build = Builder()
    build.leaf("m", np.ones((4, 3)))
    build.leaf("r", np.arange(3.0))
    build.op("add", "m", "r", name="t")
    build.op("sum", "t", name="J")
    told = build.told("J", "t")
    line = "r was stretched from (3) to (4, 3), so its gradient is summed back: "
    assert line + "(4, 3) → (3) summed over axis 0." in told.text()
    assert told.rows[1].summed_axes == (0,)
    assert "[4.000, 4.000, 4.000]" in told.text()


def test_a_matrix_product_shows_its_rule_with_transposes() -> None:
    build = Builder()
    build.leaf("X", np.ones((2, 3)))
    build.leaf("W", np.ones((3, 2)))
    build.op("matmul", "X", "W", name="Y")
    build.op("sum", "Y", name="J")
    told = build.told("J", "Y")
    upstream = r"\textcolor{grad}{\frac{\partial J}{\partial Y}}"
    to_x, to_w = matrix("2.000 & 2.000 & 2.000", 2), matrix("2.000 & 2.000", 3)
    assert told.formulas == (
        rf"\frac{{\partial J}}{{\partial X}} = {upstream} \, W^{{\top}} = {to_x}",
        rf"\frac{{\partial J}}{{\partial W}} = X^{{\top}} \, {upstream} = {to_w}",
    )


def matrix(line: str, lines: int, colour: str = "grad") -> str:
    inner = r" \\ ".join([line] * lines)
    return rf"\textcolor{{{colour}}}{{\begin{{bmatrix}} {inner} \end{{bmatrix}}}}"


def test_small_vectors_stand_in_the_formula_number_by_number_large_ones_do_not() -> None:
    def formula(size: int) -> str:
        build = Builder()
        build.leaf("x", np.arange(1.0, size + 1))
        build.op("exp", "x", name="y")
        build.op("mul", "x", "y", name="z")
        build.op("sum", "z", name="J")
        return build.told("J", "z").formulas[1]

    ones, x = matrix("1.000 & 1.000 & 1.000", 1), matrix("1.000 & 2.000 & 3.000", 1, "val")
    sent = matrix("1.000 & 2.000 & 3.000", 1)
    assert formula(3).endswith(rf" = {ones} \odot {x} = {sent}")
    assert "bmatrix" not in formula(5)


@pytest.mark.parametrize(
    ("target", "settings", "pull"),
    [
        ("[2, 0]", "", r"\frac{\mathrm{softmax}(x) - \text{one-hot}(t)}{2}"),
        ("[2, 0]", ", reduction='sum'", r"(\mathrm{softmax}(x) - \text{one-hot}(t))"),
        ("[2, -100]", "", r"- \mathrm{weights}(t)"),
        ("[2, 0]", ", label_smoothing=0.1", r"- \mathrm{weights}(t)"),
        ("[[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]", "", r"- \mathrm{weights}(t)"),
    ],
)
def test_cross_entropy_pulls_by_softmax_less_one_hot_where_each_has_one_class(
    target: str, settings: str, pull: str
) -> None:
    graph = graph_from_source(
        "x = tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], requires_grad=True)\n"
        f"t = tensor({target})\nJ = cross_entropy(x, t{settings})"
    )
    evaluation = Evaluation(graph)
    (formula,) = explain_moment(evaluation, walk_back(evaluation, graph.output() or ""), 2).formulas
    assert pull in formula
    assert ("one" in pull) != ("weights" in formula)


@pytest.mark.parametrize(
    ("op", "inputs", "words"),
    [
        ("abs", (0.0,), "the slope is −1.000 just below and 1.000 just above"),
        ("relu", (0.0,), "the slope is 0.000 just below and 1.000 just above"),
        ("maximum", (1.5, 1.5), "PyTorch's convention is 0.5000"),
        ("floor", (2.0,), "There is a jump here"),
    ],
)
def test_a_kink_or_jump_is_named_with_pytorchs_convention(
    op: str, inputs: tuple[float, ...], words: str
) -> None:
    build = Builder()
    names = [build.leaf(f"x{i}", value) for i, value in enumerate(inputs)]
    build.op(op, *names, name="J")
    assert words in build.told("J", "J").text()


@pytest.mark.parametrize(
    ("op", "at"), [("abs", 1e-9), ("reciprocal", 1e-7), ("sin", 1e6), ("tan", 1.5), ("relu", -3.0)]
)
def test_a_smooth_place_is_not_called_a_kink(op: str, at: float) -> None:
    build = Builder()
    build.leaf("x", at)
    build.op(op, "x", name="J")
    assert build.told("J", "J").rows[0].kink == ""


@pytest.mark.parametrize(
    ("ops", "text", "latex"),
    [
        ((("pow", "theta1", 2),), "theta1²", r"\theta_{1}^{2}"),
        ((("pow", "theta1", -1),), "theta1⁻¹", r"\theta_{1}^{-1}"),
        ((("pow", "theta1", "n"),), "theta1^n", r"\theta_{1}^{n}"),
        ((("add", "n", 1), ("pow", "add", 2)), "(n + 1)²", r"(n + 1)^{2}"),
        ((("sub", "n", 1), ("sub", 2, "sub")), "2 − (n − 1)", r"2 - (n - 1)"),
        ((("neg", "n"), ("mul", "neg", "n")), "−n·n", r"-n \cdot n"),
        ((("sqrt", "n"), ("div", 1, "sqrt")), "1/sqrt(n)", r"\frac{1}{\sqrt{n}}"),
        ((("sin", "n"),), "sin(n)", r"\sin(n)"),
    ],
)
def test_labels_bracket_and_raise(ops: tuple, text: str, latex: str) -> None:
    build = Builder()
    build.leaf("theta1", 1.0)
    build.leaf("n", 2.0)
    last = ""
    for op, *sources in ops:
        last = build.op(op, *sources)
    assert (label(build.graph, last), latex_label(build.graph, last)) == (text, latex)


def test_long_and_deep_expressions_go_by_the_name_on_the_card() -> None:
    build = Builder()
    last = build.leaf("x", 1.0)
    for _ in range(3000):
        last = build.op("neg", last)
    assert label(build.graph, last).startswith("−−−−−")
    assert len(label(build.graph, last)) <= 16
    build.leaf("a_long_name_indeed", 1.0)
    assert label(build.graph, build.op("sin", "a_long_name_indeed")) == "sin"


def test_the_static_rule_of_a_division_takes_its_settings_default() -> None:
    rule = local_rule(OPS["div"], 0)
    assert rule is not None and rule.product and rule.text == "1 / other"
    matrix = local_rule(OPS["mm"], 0)
    assert matrix is not None and not matrix.product
    assert local_rule(OPS["eq"], 0) is None


def test_the_check_agrees_names_kinks_and_finds_a_wrong_gradient() -> None:
    evaluation, walk = regression().walk("loss")
    trial = trial_of(evaluation, walk, "w")
    assert trial is not None
    found = trial.run()
    assert found.agrees and found.error < 1e-8 and found.text.startswith("agrees to ")
    wrong = type(trial)(**{**vars(trial), "gradient": np.asarray(8.0)}).run()
    assert not wrong.agrees and wrong.text == "8.000, but differences give 9.000"
    assert trial_of(evaluation, walk, "x") is None


def test_the_check_at_a_kink_says_so() -> None:
    build = Builder()
    build.leaf("x", 0.0)
    build.op("abs", "x", name="J")
    trial = trial_of(*build.walk("J"), "x")
    assert trial is not None
    found = trial.run()
    assert found.agrees and found.left == pytest.approx(-1) and found.right == pytest.approx(1)
    assert "PyTorch's convention is 0.000" in found.text


def test_the_check_holds_what_is_detached() -> None:
    build = Builder()
    build.leaf("x", 3.0)
    build.op("detach", "x", name="still")
    build.op("mul", "x", "still", name="J")
    trial = trial_of(*build.walk("J"), "x")
    assert trial is not None
    assert trial.run().agrees


def test_powers_of_ten_and_conditions_are_set_as_mathematics() -> None:
    build = Builder()
    build.leaf("x", [1.0, -1.0])
    tiny = build.op("mul", "x", 0.00002, name="tiny")
    positive = build.op("gt", "x", 0.0, name="positive")
    build.op("where", positive, tiny, "x", name="chosen")
    build.op("sum", "chosen", name="J")
    (formula,) = build.told("J", "tiny").formulas
    assert r"2.000 \times 10^{-5}" in formula and "e-" not in formula
    chosen, _ = build.told("J", "chosen").formulas
    assert r"\odot \textcolor{val}{(1 \; \mathrm{if} \; \mathrm{positive}" in chosen
