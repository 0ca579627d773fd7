"""Steps that see a part of the data: PyTorch's order of it, and exact on going back."""

import numpy as np
import pytest

from gradviz.descent import (
    Batching,
    DescentError,
    Minibatches,
    Objective,
    Runner,
    RunnerSpec,
    data_leaves,
    from_plain,
    full_losses,
    parse_runner,
    prepare_descent,
    to_plain,
)
from gradviz.descent.swarm import swarm
from gradviz.graph import Evaluation, compose
from gradviz.plan import PlanKeeper
from gradviz.program import graph_from_source

X = [
    [0.126, -0.132], [0.64, 0.105], [-0.536, 0.362], [1.304, 0.947], [-0.704, -1.265],
    [-0.623, 0.041], [-2.325, -0.219], [-1.246, -0.732], [-0.544, -0.316], [0.412, 1.043],
]  # fmt: skip
Y = [[0.555], [1.423], [-0.812], [1.698], [0.213], [-0.711], [-2.822], [-0.966], [-0.41], [0.271]]
PROGRAM = (
    f"x = tensor({X}, dtype=torch.float64)\ny = tensor({Y}, dtype=torch.float64)\n"
    "w = tensor([[0.0], [0.0]], dtype=torch.float64, requires_grad=True)\n"
    "b = tensor([0.0], dtype=torch.float64, requires_grad=True)\n"
    "J = mse_loss(x @ w + b, y)"
)
ORDER = [[7, 4, 2, 9], [1, 5, 0, 8], [6, 3], [1, 2, 0, 5], [9, 4, 8, 3], [6, 7]]
"""Two passes of PyTorch 2.13's ``DataLoader`` over ten items, four at a time, seed 3, recorded."""


def problem(size=4, seed=3, program=PROGRAM):
    objective = Objective(graph_from_source(program))
    objective.batches = Minibatches(objective, Batching(data_leaves(objective), size, seed))
    return objective


def batches_of(objective):
    batches = objective.batches
    assert isinstance(batches, Minibatches)
    return batches


def run(objective, text="SGD lr=0.1 momentum=0.9", steps=20):
    runner = Runner(objective, parse_runner(text), objective.start())
    runner.advance(steps)
    return runner


def test_the_data_is_what_has_as_many_rows_and_no_gradient():
    objective = Objective(graph_from_source(PROGRAM))
    assert [objective.graph.node(i).name for i in data_leaves(objective)] == ["x", "y"]
    assert data_leaves(Objective(graph_from_source("J = theta ** 2"))) == ()


def test_a_pass_sees_each_row_once_and_the_next_in_another_order():
    batches = batches_of(problem())
    assert len(batches) == 3
    passes = [[batches.rows(3 * k + i).tolist() for i in range(3)] for k in range(2)]
    assert [[len(b) for b in p] for p in passes] == [[4, 4, 2]] * 2
    assert [sorted(r for b in p for r in b) for p in passes] == [list(range(10))] * 2
    assert passes[0] != passes[1]


def test_a_step_goes_by_the_loss_and_gradient_of_its_batch():
    objective = problem()
    path = run(objective, "SGD lr=0.1", 7).trajectory
    w, b = (np.array([p[i] for p in path.points]) for i in objective.parameters)
    x, y = np.array(X), np.array(Y)
    for step in range(8):
        rows = batches_of(objective).rows(step)
        off = x[rows] @ w[step] + b[step] - y[rows]
        assert path.losses[step] == pytest.approx(float((off**2).mean()), rel=1e-12)
        np.testing.assert_allclose(
            path.gradients[step][objective.parameters[0]], 2 * x[rows].T @ off / len(rows)
        )
    all_off = x @ w[7] + b[7] - y
    assert full_losses(objective, path)[7] == pytest.approx(float((all_off**2).mean()), rel=1e-12)
    assert len(path.full_losses) == 8


@pytest.mark.parametrize(
    "text", ["SGD lr=0.1 momentum=0.9", "Adam lr=0.05", "LBFGS lr=0.5", "Newton", "GaussNewton",
             "Backtracking", "SGD lr=0.1 StepLR step_size=3", "SGD lr=0.1 clip_norm=0.5"],
)  # fmt: skip
def test_going_back_and_on_again_is_exact(text):
    runner = run(problem(), text, 10)
    again = runner.branched(4)
    again.advance(6)
    assert again.trajectory.losses == runner.trajectory.losses
    for mine, other in zip(again.trajectory.points, runner.trajectory.points, strict=True):
        for node_id in mine:
            np.testing.assert_array_equal(mine[node_id], other[node_id])


def test_another_seed_is_another_way_and_the_same_seed_the_same():
    first, same, other = (run(problem(seed=s)).trajectory.losses for s in (3, 3, 4))
    assert first == same and first != other


def test_newton_solves_each_batch():
    objective = problem(size=10)
    path = run(objective, "Newton", 1).trajectory
    x = np.column_stack([X, np.ones(10)])
    w, b = (path.points[1][i].reshape(-1) for i in objective.parameters)
    best = np.linalg.lstsq(x, np.array(Y)[:, 0], rcond=None)[0]
    np.testing.assert_allclose([*w, *b], best, rtol=1e-9)


def test_many_at_once_see_the_same_batches():
    objective = problem()
    start = {i: np.stack([a, a + 1.0]) for i, a in objective.start().items()}
    found = swarm(objective, parse_runner("SGD lr=0.1"), start, 6)
    assert found is not None
    path = run(objective, "SGD lr=0.1", 6).trajectory
    np.testing.assert_allclose(found.losses[:, 0], path.losses, rtol=1e-12)


@pytest.mark.parametrize(("optimizer", "settings"), [("SGD", {"lr": 0.1, "momentum": 0.9}),
                                                     ("Adam", {"lr": 0.05})])  # fmt: skip
def test_the_way_is_pytorchs_with_its_loader(optimizer, settings):
    torch = pytest.importorskip("torch")
    x, y = (torch.tensor(v, dtype=torch.float64) for v in (X, Y))
    w = torch.zeros(2, 1, dtype=torch.float64, requires_grad=True)
    b = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    generator = torch.Generator().manual_seed(3)
    data = torch.utils.data.TensorDataset(x, y)
    loader = torch.utils.data.DataLoader(data, batch_size=4, shuffle=True, generator=generator)
    stepper = getattr(torch.optim, optimizer)([w, b], **settings)
    losses = []
    for _ in range(4):
        for xs, ys in loader:
            stepper.zero_grad()
            loss = torch.nn.functional.mse_loss(xs @ w + b, ys)
            loss.backward()
            stepper.step()
            losses.append(loss.item())
    objective = problem()
    runner = Runner(objective, RunnerSpec(optimizer, settings), objective.start())
    runner.advance(12)
    np.testing.assert_allclose(runner.trajectory.losses[:12], losses, rtol=0, atol=1e-9)


def test_the_order_is_the_recorded_one():
    batches = batches_of(problem())
    assert [batches.rows(i).tolist() for i in range(6)] == ORDER


def test_what_cannot_be_taken_in_batches_says_why():
    def refusal(leaves, program=PROGRAM, size=4):
        objective = Objective(graph_from_source(program))
        ids = tuple(n.id for n in map(objective.graph.named, leaves) if n is not None)
        with pytest.raises(DescentError) as caught:
            Minibatches(objective, Batching(ids, size))
        return str(caught.value)

    assert "'w' holds no data" in refusal(["x", "w"])
    assert "as many rows" in refusal([])
    fixed = PROGRAM.replace("J = mse_loss(x @ w", "J = mse_loss(x.reshape(10, 2) @ w")
    assert "with 4 rows 'reshape1' fails" in refusal(["x", "y"], fixed)
    scaled = PROGRAM.replace("J = mse_loss(x @ w + b, y)", "J = k * mse_loss(x @ w + b, y)")
    assert "single number" in refusal(["k"], "k = tensor(2.0)\n" + scaled)


def test_settings_are_kept_with_the_document():
    settings = from_plain({"batch": {"leaves": ["n1"], "size": 8, "seed": 5}})
    assert settings.batch == Batching(("n1",), 8, 5)
    assert from_plain(to_plain(settings)) == settings
    for wrong in ({"size": 0}, {"size": 4, "seed": -1}, {"size": "many"}):
        with pytest.raises(DescentError):
            from_plain({"batch": {"leaves": ["n1"], **wrong}})


def test_a_document_whose_data_is_gone_is_descended_on_all_there_is():
    graph = graph_from_source(PROGRAM)
    plain = {"batch": {"leaves": ["gone"], "size": 4, "seed": 3}}
    graph.apply(compose.set_descent(graph, plain))
    descent = prepare_descent(graph)
    assert "there is no node 'gone'" in descent.batch_problem
    assert descent.objective.batches is None


def test_plans_are_kept_while_only_parameters_change():
    graph = graph_from_source(PROGRAM)
    names = [n.id for n in (graph.named("x"), graph.named("y")) if n is not None]
    graph.apply(compose.set_descent(graph, {"batch": {"leaves": names, "size": 4, "seed": 3}}))
    evaluation = Evaluation(graph)
    keeper = PlanKeeper(graph, evaluation)
    first = batches_of(prepare_descent(graph, evaluation, keeper).objective)
    bias = graph.named("b")
    assert bias is not None
    change = graph.apply(compose.set_value(graph, bias.id, np.array([1.0])))
    evaluation.refresh(change)
    keeper.refresh(change)
    second = batches_of(prepare_descent(graph, evaluation, keeper).objective)
    assert second.plan(4) is first.plan(4) and second.plan(2) is first.plan(2)
