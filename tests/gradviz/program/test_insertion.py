"""What a pasted formula or program adds to a graph."""

import pytest

from gradviz.graph import Evaluation
from gradviz.program import FormulaError, formula, graph_from_source, insertion


@pytest.fixture
def bowl():
    return graph_from_source("J = theta1 ** 2 + theta2 ** 2")


def test_names_that_are_there_are_read_and_others_come_along(bowl):
    before = formula(bowl)
    change = bowl.apply(insertion(bowl, "K = J * 3 + x", (100.0, 50.0)))
    assert {node.name for node in change.added} == {"mul1", "x", "K"}
    assert {w.source for w in change.wired} >= {bowl.named("J").id, bowl.named("x").id}
    corners = [node.position for node in change.added]
    assert (min(x for x, _ in corners), min(y for _, y in corners)) == (100.0, 50.0)
    assert before in formula(bowl)


def test_a_name_that_is_given_anew_gets_a_number(bowl):
    bowl.apply(insertion(bowl, "import torch\ntheta1 = torch.tensor(2.0)\nJ = theta1 * 5", (0, 0)))
    assert bowl.named("J1") and bowl.named("theta3")
    made = Evaluation(bowl).value(bowl.named("J1").id)
    assert made is not None and made.item() == 10.0


def test_ports_of_any_number_are_filled_in_order(bowl):
    bowl.apply(insertion(bowl, "z = stack([a, theta1, J])", (0, 0)))
    z = bowl.named("z")
    sources = [bowl.node(w.source).name for w in bowl.inputs(z.id).values()]
    assert sources == ["a", "theta1", "J"]


@pytest.mark.parametrize(
    ("text", "said"), [("J", "'J'"), ("hello world", "line is"), ("for i in x: pass", "loops")]
)
def test_what_adds_nothing_is_said(bowl, text, said):
    with pytest.raises(FormulaError, match=said):
        insertion(bowl, text, (0, 0))


def test_it_can_be_taken_back(bowl):
    before = formula(bowl)
    edit = insertion(bowl, "K = sin(J)", (0, 0))
    bowl.apply(edit)
    bowl.apply(edit.inverse())
    assert formula(bowl) == before and len(bowl.nodes) == 5
