import pytest

from gradviz.descent import Objective, Runner, parse_runner
from gradviz.descent.events import Watch, events
from gradviz.program import graph_from_source

BOWL = """
import torch
x = torch.tensor(2.0, requires_grad=True)
y = torch.tensor(-3.0, requires_grad=True)
J = x ** 2 + 4 * y ** 2
"""


@pytest.mark.parametrize("spec", ["SGD lr=0.1", "SGD lr=0.3", "SGD lr=0.1 momentum=0.9", "LBFGS"])
def test_a_way_followed_bit_by_bit_is_told_as_the_whole_of_it(spec):
    objective = Objective(graph_from_source(BOWL))
    runner = Runner(objective, parse_runner(spec), objective.start())
    watch = Watch(runner.trajectory)
    for count in (1, 3, 20, 40, 1, 200, 300):
        runner.advance(count)
        assert watch.events() == events(runner.trajectory)
    assert watch.events()
