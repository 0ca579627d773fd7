"""Stops hold at the same moments whichever way one comes, and read back as they are written."""

import pytest

from gradviz.graph import Evaluation, Graph, Walk, walk_back
from gradviz.graph.stop_text import StopError, parse_stop, stop_text
from gradviz.graph.stops import GroupBorder, next_stop, previous_stop, stop_moments
from gradviz.program import graph_from_source

FAN = (
    "x = tensor(2.0, requires_grad=True)\na = x * 4\nb = x * 6\nc = x * -9\nab = a + b\nJ = ab + c"
)
BROKEN = "x = tensor([0.0, 4.0], requires_grad=True)\nr = sqrt(x)\ns = r * 0\nJ = sum(s)"


def walked(program: str) -> tuple[Graph, Walk]:
    graph = graph_from_source(program)
    output = graph.output()
    assert output is not None
    return graph, walk_back(Evaluation(graph), output)


def halts(program: str, *texts: str, back: bool = False) -> list[tuple[int, str]]:
    """Every halt from one end of the pass to the other."""
    graph, walk = walked(program)
    stops = [parse_stop(graph, text) for text in texts]
    moment = len(walk) + 1 if back else -1
    found = []
    while halt := (previous_stop if back else next_stop)(graph, walk, moment, stops):
        moment = halt.moment
        found.append((moment, halt.text))
    return found


def test_a_magnitude_stops_where_it_begins_to_hold_and_says_the_number() -> None:
    assert halts(FAN, "|grad x| > 8") == [
        (4, "stopped at x: |grad| so far = 9.000 > 8"),
    ]
    assert halts(FAN, "|grad| >= 9") == [(4, "stopped at x: |grad| so far = 9.000 >= 9")]


def test_a_sum_that_falls_and_rises_again_stops_twice() -> None:
    # Terms reach x as −9, +6 and +4: −9, −3, 1.
    assert [m for m, _ in halts(FAN, "grad x > -5")] == [5]
    assert [t for _, t in halts(FAN, "grad x < 0")] == ["stopped at x: grad so far = −9.000 < 0"]


def test_every_change_of_a_gradient_and_every_further_term_is_a_stop() -> None:
    assert [t for _, t in halts(FAN, "x changes")] == [
        "stopped at x: term 1 of 3 was added, the sum is −9.000",
        "stopped at x: term 2 of 3 was added, the sum is −3.000",
        "stopped at x: term 3 of 3 was added, the sum is 1.000",
    ]
    assert [m for m, _ in halts(FAN, "accumulation")] == [m for m, _ in halts(FAN, "x changes")][1:]
    assert halts(FAN, "x accumulates") == halts(FAN, "accumulation at x")


def test_a_breakpoint_stops_at_the_nodes_own_step() -> None:
    graph, walk = walked(FAN)
    node = graph.named("b")
    assert node is not None
    ((moment, text),) = halts(FAN, "at b")
    step = walk.active(moment)
    assert step is not None and step.node == node.id
    assert text == "stopped at b: its gradient is 1.000"


def test_the_first_number_that_is_not_finite_is_found_where_it_was_made() -> None:
    # s sends 0 to r, and 0 / (2·√0) is nan.
    graph, walk = walked(BROKEN)
    ((moment, text),) = halts(BROKEN, "nan or inf")
    step = walk.active(moment)
    assert step is not None and graph.node(step.node).name == "r"
    assert text == "stopped at x: the first nan in a gradient"
    assert halts(BROKEN, "nan") == halts(BROKEN, "nan in x") == [(moment, text)]
    assert halts(BROKEN, "inf") == []


@pytest.mark.parametrize(
    "texts", [("|grad| > 3",), ("x changes", "at b"), ("accumulation", "grad < 0"), ("nan",)]
)
@pytest.mark.parametrize("program", [FAN, BROKEN])
def test_backwards_the_same_stops_come_in_reverse(program: str, texts: tuple[str, ...]) -> None:
    known = [t for t in texts if " b" not in t or program == FAN]
    assert halts(program, *known, back=True) == halts(program, *known)[::-1]


def test_several_stops_at_one_moment_are_told_together() -> None:
    graph, walk = walked(FAN)
    stops = [parse_stop(graph, "x accumulates"), parse_stop(graph, "at b")]
    halt = next_stop(graph, walk, 4, stops)
    assert halt is not None and halt.moment == 5 and set(halt.stops) == set(stops)
    assert halt.text == (
        "stopped at x: term 2 of 3 was added, the sum is −3.000; at b: its gradient is 1.000"
    )


def test_a_group_is_entered_at_its_first_node_and_left_at_its_last() -> None:
    graph, walk = walked(FAN)
    members = frozenset(n.id for n in graph.nodes.values() if n.name in ("a", "b", "ab"))
    enter = parse_stop(graph, "enter sums", {"sums": members})
    leave = parse_stop(graph, "leave group sums", {"sums": members})
    assert isinstance(enter, GroupBorder) and stop_text(graph, enter) == "enter sums"
    own = sorted(walk.own_steps[m].index + 1 for m in members)
    assert stop_moments(walk, enter) == (own[0],) and stop_moments(walk, leave) == (own[-1],)
    halt = next_stop(graph, walk, 0, [leave])
    assert halt is not None and halt.text == "stopped behind the group sums"


def test_no_stop_ahead_is_none() -> None:
    graph, walk = walked(FAN)
    assert next_stop(graph, walk, 0, [parse_stop(graph, "|grad| > 100")]) is None
    assert next_stop(graph, walk, 0, []) is None


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("|grad|>10", "|grad| > 10"),
        (" | grad x | ≥ 1e3", "|grad x| >= 1000"),
        ("abs(x.grad) < 1e-6", "|grad x| < 1e-06"),
        ("grad of x <= −2", "grad x <= -2"),
        ("|grad| > inf", "|grad| > inf"),
        ("first nan", "nan"),
        ("not finite", "nan or inf"),
        ("inf in x", "inf in x"),
        ("x’s gradient changes", "x changes"),
        ("next accumulation", "accumulation"),
        ("x", "at x"),
        ("break at x", "at x"),
    ],
)
def test_stops_are_read_as_typed_and_read_back_as_written(typed: str, written: str) -> None:
    graph, _ = walked(FAN)
    stop = parse_stop(graph, typed)
    assert stop_text(graph, stop) == written
    assert parse_stop(graph, written) == stop


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "'' is no condition to stop at; write |grad| > 10"),
        ("stop please", "is no condition"),
        ("|grad|", "compares with nothing; write for instance"),
        ("|grad| >", "after '>' a number must stand, as in"),
        ("|grad| > ten", "after '>' a number must stand, not 'ten'"),
        ("|grad > 3", "between two bars"),
        ("|grad| > nan", "to stop at the first, write nan"),
        ("|grad| < -1", "never negative"),
        ("at abc", "there is no node called 'abc'; "),
        ("|grad xx| > 1", "there is no node called 'xx'; did you mean 'x'"),
        ("enter here", "there is no group called 'here'; there are none"),
    ],
)
def test_a_wrong_stop_is_refused_in_kind_words(typed: str, words: str) -> None:
    graph, _ = walked(FAN)
    with pytest.raises(StopError) as caught:
        parse_stop(graph, typed)
    assert words in str(caught.value)
