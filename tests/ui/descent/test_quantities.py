import numpy as np
from PySide6.QtCore import QPoint, Qt

from gradviz.descent import parse_runner
from gradviz_ui.descent.smoothing import smooth

LEFT = Qt.MouseButton.LeftButton


def tick(qtbot, box):
    qtbot.mouseClick(box, LEFT, pos=QPoint(10, box.height() // 2))


def shown(workspace, words):
    panel = workspace.quantities
    panel.chooser.setCurrentIndex(panel.chooser.findText(words))


def test_slopes_rates_and_steps_of_all_runners(descend):
    workspace = descend("bowl")
    race = workspace.race
    race.set_runner(0, parse_runner("SGD lr=0.1"))
    race.set_runner(1, parse_runner("SGD lr=0.2 StepLR step_size=10 gamma=0.5"))
    race.settle()
    workspace.tabs.choose("quantities")
    shown(workspace, "gradient norm")
    np.testing.assert_allclose(workspace.quantities.chart.series[
        0].values[:20], 5.0 * 0.8 ** np.arange(20), rtol=1e-4)  # fmt: skip
    shown(workspace, "learning rate")
    rates = workspace.quantities.chart.series[1].values
    assert rates[[0, 9, 10, 25]].tolist() == [0.2, 0.2, 0.1, 0.05]
    shown(workspace, "step length")
    moves = workspace.quantities.chart.series[0].values
    np.testing.assert_allclose(moves[:20], 0.5 * 0.8 ** np.arange(20), rtol=1e-4)
    assert np.isnan(moves[-1]), "the last step goes nowhere yet"
    shown(workspace, "effective step size")
    np.testing.assert_allclose(workspace.quantities.chart.series[0].values[:20], 0.1, rtol=1e-3)


def test_a_click_on_a_curve_scrubs_there(qtbot, descend):
    workspace = descend("bowl")
    workspace.tabs.choose("quantities")
    chart = workspace.quantities.chart
    frame = chart._frame()
    qtbot.mouseClick(chart, LEFT, pos=frame.point(15, frame.up[0]).toPoint())
    assert workspace.race.step == 15


def test_more_steps_go_on_with_the_curve(descend):
    workspace = descend("bowl")
    workspace.tabs.choose("quantities")
    workspace.race.set_settings("Set the steps", steps=90)
    workspace.race.settle()
    assert len(workspace.quantities.chart.series[0].values) == 91


def test_a_smooth_curve_has_the_raw_one_behind_it(qtbot, descend):
    workspace = descend("bowl")
    before = workspace.loss.chart.series
    tick(qtbot, workspace.loss.smooth)
    after = workspace.loss.chart.series
    assert len(after) == 2 * len(before)
    raw, drawn = after[0], after[1]
    assert raw.faint and not drawn.faint
    np.testing.assert_array_equal(raw.values, before[0].values)
    assert drawn.values[0] == before[0].values[0]
    assert drawn.values[5] > raw.values[5]
    tick(qtbot, workspace.loss.smooth)
    assert len(workspace.loss.chart.series) == len(before)


def test_smoothing_halves_noise_and_passes_over_gaps():
    noise = np.random.default_rng(0).normal(size=2000)
    assert smooth(noise)[100:].std() < 0.35 * noise.std()
    np.testing.assert_allclose(smooth(np.full(9, 3.0)), 3.0)
    gap = smooth(np.array([1.0, np.nan, 1.0]))
    assert np.isnan(gap[1]) and gap[2] == 1.0
