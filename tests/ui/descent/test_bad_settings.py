"""What cannot be set is said beside the control, in a sentence; nothing else happens."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gradviz.descent import parse_runner
from gradviz.descent.methods import RUNNERS, settings_of
from gradviz.optim.lr_scheduler import SCHEDULES

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(qtbot, descend):
    """A function: the form of a runner made from words, with its settings in sight."""

    def open_form(text):
        workspace = descend()
        workspace.race.set_runner(0, parse_runner(text))
        workspace.race.settle()
        row = workspace.runners.rows[0]
        qtbot.mouseClick(row.more, LEFT)
        return workspace, row.form

    return open_form


def write(qtbot, workspace, form, name, text, part=0):
    control = form.controls[name]
    workspace.runners.area.ensureWidgetVisible(control)
    field = control.fields[part]
    qtbot.mouseClick(field, LEFT)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    return control


@pytest.mark.parametrize(
    ("runner", "name", "part", "text", "words"),
    [
        ("SGD lr=0.1", "lr", 0, "0", "with lr=0 it never moves; give more than 0"),
        ("SGD lr=0.1", "lr", 0, "-1", "Invalid learning rate: -1.0"),
        ("SGD lr=0.1", "lr", 0, "nan", "lr must be a number"),
        ("SGD lr=0.1", "lr", 0, "inf", "lr must be a number"),
        ("SGD lr=0.1", "lr", 0, "fast", "“fast” is not a number; write it as −1.5 or 2e-3"),
        ("SGD lr=0.1", "momentum", 0, "-0.5", "Invalid momentum value: -0.5"),
        ("SGD lr=0.1", "clip_norm", 0, "-1", "clip_norm must be 0 or more, not -1"),
        ("SGD lr=0.1", "weight_decay", 0, "nan", "weight_decay must be a number"),
        ("Adam lr=0.1", "betas", 0, "1", "Invalid beta parameter at index 0: 1.0"),
        ("Adam lr=0.1", "betas", 1, "1.5", "Invalid beta parameter at index 1: 1.5"),
        ("AdamW lr=0.1", "betas", 1, "nan", "betas must be 2 numbers with commas"),
        ("Adam lr=0.1", "eps", 0, "-1", "Invalid epsilon value"),
        ("Rprop", "etas", 1, "0.5", "Invalid eta values"),
        ("LBFGS", "max_iter", 0, "1.5", "1.500 is not a whole number"),
        ("LBFGS", "max_iter", 0, "0", "max_iter must be a whole number, 1 or more"),
        ("Backtracking", "shrink", 0, "1", "Invalid shrink: 1.0; it must be between 0 and 1"),
        ("Backtracking", "lr", 0, "0", "it must be above 0"),
        ("SGD lr=0.1 StepLR", "schedule step_size", 0, "0", "step_size must be a whole number"),
        ("SGD lr=0.1 StepLR", "schedule gamma", 0, "nan", "gamma must be a number"),
        ("Newton", "damping", 0, "-1", "Invalid damping: -1.0"),
    ],
)
def test_a_wrong_number_is_said_beside_its_control(
    qtbot, opened, editor, runner, name, part, text, words
):
    workspace, form = opened(runner)
    before, undone = workspace.race.specs[0], editor.stack.count()
    control = write(qtbot, workspace, form, name, text, part)
    assert words in control.problem.text()
    assert "The default is" in control.problem.text()
    assert control.problem.isVisible()
    assert workspace.race.specs[0] == before
    assert editor.stack.count() == undone
    assert QApplication.activeModalWidget() is None


def test_the_sentence_goes_once_the_setting_is_right(qtbot, opened):
    workspace, form = opened("SGD lr=0.1")
    control = write(qtbot, workspace, form, "lr", "-1")
    assert control.problem.isVisible()
    assert control.fields[0].text() == "0.1000"
    write(qtbot, workspace, form, "lr", "0.2")
    assert not control.problem.isVisible()
    assert workspace.race.specs[0].setting("lr") == 0.2


def test_a_schedule_that_an_optimizer_cannot_have_is_refused(qtbot, opened):
    workspace, form = opened("Adagrad OneCycleLR")
    control = form.controls["schedule cycle_momentum"]
    workspace.runners.area.ensureWidgetVisible(control)
    control.box.setFocus()
    qtbot.keyClick(control.box, Qt.Key.Key_Space)
    assert "must support momentum or beta1" in control.problem.text()
    assert not control.box.isChecked()


def test_a_number_that_may_be_none_has_a_box_beside_it(qtbot, opened):
    workspace, form = opened("LBFGS")
    control = form.controls["max_eval"]
    workspace.runners.area.ensureWidgetVisible(control)
    assert not control.fields[0].isEnabled()
    control.box.setFocus()
    qtbot.keyClick(control.box, Qt.Key.Key_Space)
    assert workspace.race.specs[0].setting("max_eval") == 1
    write(qtbot, workspace, form, "max_eval", "12")
    assert workspace.race.specs[0].setting("max_eval") == 12
    qtbot.mouseClick(control.name, LEFT)
    assert workspace.race.specs[0].setting("max_eval") is None
    assert not control.name.isEnabled()


def test_a_click_on_the_name_goes_back_to_the_default(qtbot, opened):
    workspace, form = opened("Adam lr=0.1 betas=0.5,0.6")
    workspace.runners.area.ensureWidgetVisible(form.controls["betas"])
    qtbot.mouseClick(form.controls["betas"].name, LEFT)
    assert workspace.race.specs[0].setting("betas") == (0.9, 0.999)
    tip = form.controls["betas"].name.toolTip()
    assert "Default: 0.9, 0.999" in tip
    assert "Slider: 0.0001 to 1" in form.controls["lr"].name.toolTip()


@pytest.mark.parametrize("name", RUNNERS)
def test_every_setting_of_every_optimizer_has_a_control(opened, name):
    _, form = opened(name)
    assert list(form.controls) == [s.name for s in settings_of(name)]
    for control in form.controls.values():
        assert control.box or control.list or control.slider or control.fields


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_setting_of_every_schedule_has_a_control(opened, name):
    _, form = opened(f"SGD {name}")
    found = [c for c in form.controls if c.startswith("schedule ")]
    assert found == [f"schedule {s.name}" for s in SCHEDULES[name].settings]
