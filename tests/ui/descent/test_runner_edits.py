"""What a person does with the list of runners, and what each edit leaves alone."""

from dataclasses import replace

import numpy as np
import pytest

from gradviz.descent import parse_runner


def titles(race):
    return [s.title for s in race.specs]


def test_a_runner_keeps_its_colour_wherever_it_is_moved(descend, editor):
    race = descend().race
    before = {s.title: race.colour(i) for i, s in enumerate(race.specs)}
    race.move_runner(2, 0)
    assert {s.title: race.colour(i) for i, s in enumerate(race.specs)} == before
    assert titles(race)[0].startswith("Adam")
    assert race.chosen == 0
    race.remove_runner(1)
    assert [race.colour(i) for i in (0, 1)] == [2, 1]
    editor.stack.undo()
    editor.stack.undo()
    assert race.specs[0].optimizer == "SGD"
    assert editor.stack.count() == 2


def test_a_new_runner_has_a_colour_that_nobody_has(descend):
    race = descend().race
    race.colour_runner(0, 5)
    race.add_runner(parse_runner("Adagrad"))
    assert race.colour(3) == 0
    race.duplicate_runner(3)
    assert race.colour(4) == 3


def test_moving_naming_and_colouring_run_nothing_again(descend):
    race = descend().race
    before = list(race.runners)
    race.move_runner(0, 2)
    race.name_runner(0, "first")
    race.colour_runner(1, 6)
    race.settle()
    assert race.runners == [before[1], before[2], before[0]]
    assert race.runners[0].spec.name == "first"


def test_an_edit_from_now_on_shares_the_way_so_far(descend):
    race = descend().race
    old = race.runners[0].trajectory
    race.go_to(10)
    race.set_from_now(True)
    assert race.edit_runner(0, lambda s: s.with_setting("lr", 0.3)) == ""
    race.settle()
    path = race.runners[0].trajectory
    assert path.points[4] == old.points[4]
    assert path.rates[9:12] == [0.1, 0.3, 0.3]
    np.testing.assert_allclose(
        race.coordinates(path)[11], 0.4 * race.coordinates(path)[10], rtol=1e-5
    )


def test_an_edit_that_cannot_be_run_leaves_all_as_it_was(descend, editor):
    race = descend().race
    assert "Invalid learning rate" in race.edit_runner(0, lambda s: s.with_setting("lr", -1.0))
    assert editor.stack.count() == 0


def test_a_branch_goes_the_same_way_to_where_it_forks(descend):
    race = descend().race
    race.go_to(7)
    race.branch_runner(1)
    assert race.chosen == 2
    assert race.specs[2].parts_from(race.specs[1]) == 7
    race.set_from_now(True)
    race.edit_runner(2, lambda s: s.with_setting("lr", 0.001))
    race.settle()
    parent, branch = (race.coordinates(race.runners[i].trajectory) for i in (1, 2))
    np.testing.assert_array_equal(parent[:8], branch[:8])
    assert not np.allclose(parent[9], branch[9])
    assert "from step 7" in race.specs[2].name


def test_a_reset_leaves_out_what_was_changed_on_the_way(descend, editor):
    race = descend().race
    race.go_to(7)
    race.set_from_now(True)
    race.edit_runner(0, lambda s: s.with_setting("lr", 0.3))
    assert race.changed_on_the_way
    race.reset()
    assert not race.changed_on_the_way
    assert race.step == 0
    assert race.specs[0].setting("lr") == 0.1
    editor.stack.undo()
    assert race.changed_on_the_way


def test_a_method_that_does_not_apply_stands_still_beside_the_others(descend):
    race = descend("saddle").race
    race.set_runner(0, parse_runner("GaussNewton"))
    race.settle()
    assert "sum or mean of squares" in race.runners[0].problem
    assert len(race.runners[0].trajectory) == 1
    assert len(race.runners[1].trajectory) > 1


def test_a_method_that_does_not_apply_from_a_step_on_ends_there(descend):
    race = descend("saddle").race
    race.set_runner(0, race.specs[0].changed(5, parse_runner("GaussNewton")))
    race.settle()
    assert "sum or mean of squares" in race.runners[0].problem
    assert len(race.runners[0].trajectory) == 6


def test_a_budget_of_evaluations_is_spent_by_all_alike(descend, editor):
    race = descend("rosenbrock").race
    race.set_settings("Race", runners=(parse_runner("SGD lr=0.001"), parse_runner("Newton")))
    race.set_settings("Budget", budget="evaluations", steps=30)
    race.settle()
    sgd, newton = (r.trajectory for r in race.runners)
    assert len(sgd) == 31
    assert newton.evaluations[-2] < 30 <= newton.evaluations[-1]
    race.go_to(7)
    assert (race.at(sgd), race.at(newton)) == (7, 2)
    race.set_settings("Budget", budget="steps")
    race.settle()
    assert [len(r.trajectory) for r in race.runners] == [31, 31]


def test_fewer_steps_keep_what_was_gone(descend):
    race = descend().race
    before = race.runners[0].trajectory
    race.set_settings("Set the steps", steps=20)
    race.settle()
    assert len(race.runners[0].trajectory) == 21
    assert race.runners[0].trajectory.points[20] == before.points[20]


@pytest.mark.parametrize("name", ["", "  ", "SGD momentum 0.85"])
def test_no_name_is_the_name_of_what_it_is(descend, name):
    race = descend().race
    race.set_runner(1, replace(parse_runner("SGD lr=0.1 momentum=0.85"), name="mine"))
    race.name_runner(1, name)
    assert race.specs[1].name == ""
