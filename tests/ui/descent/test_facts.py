from PySide6.QtCore import QPoint, Qt

from gradviz.descent import parse_runner

LEFT = Qt.MouseButton.LeftButton


def said(workspace):
    workspace.facts.settle()
    return {key: figure.text() for key, figure in workspace.facts.figures.items()}


def test_all_that_follows_from_the_curvature_of_a_bowl(descend):
    workspace = descend("bowl")
    race = workspace.race
    race.set_runner(0, parse_runner("SGD lr=0.3 momentum=0.5"))
    race.settle()
    race.choose(0)
    race.go_to(40)
    words = said(workspace)
    assert words["hessian"] == "(2.000, 0.000), (0.000, 2.000)"
    assert words["eigenvalues"] == "2.000, 2.000"
    assert words["eigenvectors"] == "(1.000, 0.000), (0.000, 1.000)"
    assert words["condition"] == "1.000"
    assert words["kind"] == "minimum"
    assert words["rate"] == "1.000, 1.500 with momentum 0.5"
    race.go_to(0)
    assert said(workspace)["gradient"] == "(3.000, −4.000)"
    assert said(workspace)["norm"] == "5.000"


def test_the_rate_foretold_is_the_one_that_is_measured(descend):
    workspace = descend("bowl")
    race = workspace.race
    race.set_runner(0, parse_runner("SGD lr=0.1"))
    race.settle()
    race.go_to(30)
    assert said(workspace)["convergence"] == "foretold 0.8000 · measured 0.8000"


def test_at_a_saddle_no_rate_is_stable(descend):
    workspace = descend("saddle")
    workspace.race.go_to(1)
    words = said(workspace)
    assert words["rate"] == "none"
    assert words["convergence"].startswith("foretold —")


def test_all_parameters_together_where_there_are_more_than_the_picture_shows(qtbot, descend):
    workspace = descend("mlp_xor")
    facts, race = workspace.facts, workspace.race
    facts.settle()
    qtbot.waitUntil(lambda: facts.figures["condition"].text() not in ("…", "—"), timeout=8000)
    assert facts.every.isVisible()
    pair = said(workspace)["eigenvalues"]
    race.choose(2)
    qtbot.mouseClick(facts.every, LEFT, pos=QPoint(10, facts.every.height() // 2))
    qtbot.waitUntil(lambda: facts.figures["hessian"].text() == "17 × 17", timeout=8000)
    assert said(workspace)["eigenvalues"].endswith("(17)")
    assert said(workspace)["eigenvalues"] != pair
    for step in (20, 40, 60):
        race.go_to(step)
    qtbot.waitUntil(lambda: facts.figures["kind"].text() not in ("…", "—"), timeout=8000)
    assert not descend("bowl").facts.every.isVisible()
