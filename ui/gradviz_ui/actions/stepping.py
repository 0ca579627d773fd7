"""The actions of the menu Steps: walking a pass, and the race in Descend."""

from typing import Final

from .. import edit_actions as edit
from .. import group_steps
from .. import race_actions as race
from .. import step_actions as steps
from .. import view_actions as view
from .action import Action

STEPS: Final[tuple[Action, ...]] = (
    Action(
        "first", "To the Start", "Steps", steps.first, "first", ("Home",), when=steps.can_go_back,
    ),
    Action("back", "Step Back", "Steps", steps.back, "back", ("Left",), when=steps.can_go_back),
    Action("step", "Step", "Steps", steps.step, "step", ("Right",), when=steps.can_go_on,
           words="forward next gradient backward descend"),
    Action("play", "Play or Pause", "Steps", steps.play, "play", ("Space",), when=steps.has_steps,
           words="animate run backward descend"),
    Action("last", "To the End", "Steps", steps.last, "last", ("End",), when=steps.can_go_on),
    Action("add_runner", "Add a Runner", "Steps", race.add_runner, "plus", when=race.is_racing,
           gap=True, words="optimizer race descend"),
    Action("branch_runner", "Branch the Runner Here", "Steps", race.branch_runner,
           when=race.is_racing, words="fork from this step descend"),
    Action("reset_race", "Reset the Race", "Steps", race.reset_race, when=race.is_racing,
           words="rewind start descend"),
    Action(
        "forward", "Forward Pass", "Steps", steps.turn, "", ("D",), when=view.in_backward,
        checked=steps.is_forward, gap=True, words="direction values evaluate backward switch",
    ),
    Action(
        "tangents", "Forward Mode (Tangents)", "Steps", steps.push_tangents, "", ("Shift+D",),
        when=view.in_backward, checked=steps.is_tangential, words="jvp dual direction switch",
    ),
    Action(
        "go_to_selected", "To the Selected Node’s Step", "Steps", steps.go_to_selected, "target",
        ("G",), when=steps.has_own_step, gap=True, words="jump go step backward", about=("node",),
    ),
    Action(
        "over_group", "Step Over Group", "Steps", group_steps.over, "", ("Shift+Right",),
        when=group_steps.can_go_over, words="jump behind leave collapsed",
    ),
    Action(
        "back_over_group", "Step Back Over Group", "Steps", group_steps.back_over, "",
        ("Shift+Left",), when=group_steps.can_go_back_over, words="jump before enter collapsed",
    ),
    Action(
        "into_group", "Step Into Group", "Steps", group_steps.into, "", ("I",),
        when=group_steps.can_go_into, words="expand enter collapsed open",
    ),
    Action(
        "run_on", "Run to the Next Stop", "Steps", steps.run_on, "run-on", ("Ctrl+Right",),
        when=steps.can_run_on, words="continue breakpoint condition",
    ),
    Action(
        "run_back", "Run Back to the Previous Stop", "Steps", steps.run_back, "run-back",
        ("Ctrl+Left",), when=steps.can_run_back, words="reverse breakpoint condition",
    ),
    Action(
        "next_sum", "Run to the Next Accumulation", "Steps", steps.next_sum, "sum", ("A",),
        when=steps.can_sum_on, words="sum add fan-out",
    ),
    Action(
        "previous_sum", "Run Back to the Previous Accumulation", "Steps", steps.previous_sum, "",
        ("Shift+A",), when=steps.can_sum_back, words="sum add fan-out",
    ),
    Action(
        "sizes", "Gradient Sizes on Wires", "Steps", steps.toggle_sizes, "", ("O",),
        when=steps.walking, checked=steps.by_size,
        words="overlay magnitude vanishing exploding width legend",
    ),
    Action(
        "pin", "Pin This Pass", "Steps", steps.pin, "", ("Ctrl+P",), when=steps.walking,
        words="compare difference before after",
    ),
    Action(
        "differentiate", "Differentiate", "Steps", steps.differentiate, "formula",
        ("Ctrl+Shift+D",), when=steps.walking,
        words="gradient graph derivative backward pass document second order",
    ),
    Action(
        "predict", "Predict First", "Steps", steps.predict, "", ("P",), when=steps.walking,
        checked=steps.is_predicting, words="guess quiz exercise hide next contribution",
    ),
    Action(
        "start_here", "Start Backward Here", "Steps", steps.start_here, "target",
        when=edit.has_one_selected, gap=True, words="output seed from gradient loss",
        about=("node",),
    ),
    Action(
        "again", "Backward Again", "Steps", steps.again, "loop", ("Ctrl+Return",),
        when=steps.walking, words="accumulate repeat second call",
    ),
    Action(
        "zero_grad", "zero_grad", "Steps", steps.zero_grad, "", ("Shift+Z",),
        when=steps.has_earlier, words="reset clear empty gradients",
    ),
    Action(
        "breakpoint", "Breakpoint", "Steps", steps.toggle_breakpoint, "breakpoint", ("B",),
        when=steps.can_mark, checked=steps.is_marked, gap=True, words="stop mark halt",
        about=("node",),
    ),
    Action(
        "add_stop", "Stop When…", "Steps", steps.add_stop, "", ("Ctrl+B",), when=steps.stepping,
        words="condition breakpoint nan inf gradient changes",
    ),
    Action(
        "clear_stops", "Remove All Stops", "Steps", steps.clear_stops, "", ("Shift+B",),
        when=steps.has_stops, words="breakpoints conditions clear",
    ),
)  # fmt: skip
