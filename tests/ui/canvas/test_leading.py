"""Tidying leads wires round the cards between their ends, and undo takes that back with it."""

import pytest

from gradviz.files import dumps
from gradviz.graph import decorating, grouping
from gradviz.graph.scenery import dots

LONG = "b = sin(a)\nc = cos(b)\nd = exp(c)\nJ = d * a + b * c"


def ran_behind(view):
    """Wires, and the cards that they run behind."""
    return [
        (wire, key)
        for wire, item in view.canvas.wires.items()
        for key, card in view.canvas.cards.items()
        if key not in (wire.source, wire.target)
        and any(card.body().contains(item.path.pointAtPercent(n / 200)) for n in range(201))
    ]


@pytest.fixture
def row(showing, view, editor):
    """Cards in one row, tidied but for their dots, so that long wires run behind them."""
    graph = showing(LONG)
    view.tidy()
    editor.perform(decorating.straighten(graph, list(graph.wires)))
    assert ran_behind(view)
    return graph


def test_no_wire_runs_behind_a_card_once_it_is_tidy(view, editor, row):
    before = dumps(row)
    count = editor.stack.count()
    view.tidy()
    assert not ran_behind(view)
    assert editor.stack.count() == count + 1
    after = dumps(row)
    editor.stack.undo()
    assert dumps(row) == before
    editor.stack.redo()
    assert dumps(row) == after
    view.tidy()
    assert editor.stack.count() == count + 1


def test_from_the_top_down_too(view, editor, row):
    view.run_wires("down")
    assert any(dots(row, wire) for wire in row.wires)
    assert not ran_behind(view)


def test_tidying_a_selection_leads_the_wires_within_it_alone(view, editor, row):
    outside = next(w for w in row.wires if w.target == row.named("J").id)
    editor.perform(decorating.lead(row, outside, [(500, 500)]))
    chosen = {i for i in row.nodes if i != row.named("J").id}
    (within,) = {wire for wire, _ in ran_behind(view) if {wire.source, wire.target} <= chosen}
    view.tidy(chosen)
    assert dots(row, within)
    assert dots(row, outside) == ((500, 500),)
    assert within not in {wire for wire, _ in ran_behind(view)}


def test_wires_at_a_folded_group_are_left_as_they_are(view, editor, row):
    made = grouping.make_group(row, {row.named("c").id, row.named("d").id}, "part")
    editor.perform(made)
    editor.perform(grouping.collapse(row, list(row.groups)))
    hidden = {row.named("c").id, row.named("d").id}
    view.tidy()
    assert not any(dots(row, w) for w in row.wires if {w.source, w.target} & hidden)
