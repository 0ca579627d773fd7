"""Layers as pieces of a graph compute what the modules compute, and keep their parts apart."""

import inspect

import numpy as np
import pytest

import gradviz as gv
from gradviz import nn
from gradviz.files import dumps, loads
from gradviz.graph import Graph, GraphError, compose, grouping
from gradviz.graph.borders import border_of, input_name, output_name
from gradviz.graph.pieces import insert
from gradviz.layers import LAYERS, make_layer, settings_for
from gradviz.layers.making import tensors_in

SETTINGS = [(name, {}) for name in LAYERS] + [
    ("LSTM", {"num_layers": 2, "bidirectional": True, "batch_first": True, "batch": 2}),
    ("GRU", {"batch": 0, "bias": False}),
    ("MultiheadAttention", {"need_weights": True, "batch": 0}),
    ("TransformerEncoderLayer", {"dropout": 0.25, "norm_first": True, "activation": "gelu"}),
    ("BatchNorm1d", {"training": False}),
    ("LayerNorm", {"normalized_shape": (2, 3), "bias": False}),
    ("Conv2d", {"groups": 2, "in_channels": 4, "stride": 2, "padding": 1}),
    ("Dropout", {"p": 0.0}),
    ("Linear", {"bias": False, "seed": 7}),
]


def outcome(name, given, seed=3):
    """What the module gives, and what its graph gives, for the same tensors."""
    layer = LAYERS[name]
    values = {**layer.defaults, **given}
    piece = make_layer(layer, values)
    graph = Graph()
    graph.apply(insert(graph, piece, (0.0, 0.0)))
    (group,) = (g for g in graph.groups.values() if g.parent is None)
    found = border_of(graph, group.id)
    assert found.names[0] == tuple(layer.inputs)
    random = np.random.default_rng(seed)
    tensors = {}
    for place, (port, shape) in enumerate(layer.inputs.items()):
        array = random.normal(size=shape(values)).astype(np.float32)
        tensors[port] = array if not layer.numbers else np.ones(shape(values), np.int64)
        leaf = graph.apply(compose.add(graph, "tensor", attrs={"data": tensors[port]})).added[0]
        for node_id, target in found.inputs[place][1]:
            graph.apply(compose.connect(graph, leaf.id, 0, node_id, target))
    gv.manual_seed(values["seed"])
    making, calling = layer.arguments
    module = layer.kind(**{n: values[n] for n in making}).train(values.get("training", True))
    given_tensors = [gv.tensor(tensors[port]).requires_grad_(not layer.numbers) for port in tensors]
    if name == "LSTMCell":
        given_tensors = [given_tensors[0], tuple(given_tensors[1:])]
    result = module(*given_tensors, **{n: values[n] for n in calling - making})
    evaluation = graph.evaluate()
    names = dict(zip(border_of(graph, group.id).names[1], found.outputs, strict=True))
    shown = [evaluation.results[i].outputs[o] for i, o in
             (names[n] for n in layer.outputs if n in names)]  # fmt: skip
    return list(tensors_in(result)), shown, graph


@pytest.mark.parametrize(("name", "given"), SETTINGS, ids=str)
def test_the_graph_of_a_layer_computes_what_the_module_does(name, given):
    wanted, shown, _ = outcome(name, given)
    assert len(wanted) == len(shown) > 0
    for a, b in zip(wanted, shown, strict=True):
        assert np.allclose(a.array, b.array, atol=1e-6), name


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.name)
def test_an_entry_names_arguments_of_its_class_and_has_defaults(layer):
    making, calling = layer.arguments
    sizes = {"length", "memory_length", "batch", "shape", "seed", "training"}
    assert {a.name for a in layer.settings} - making - calling <= sizes
    wanted = [
        p.name for p in inspect.signature(layer.kind).parameters.values()
        if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
    ]  # fmt: skip
    assert set(wanted) <= making
    assert layer.defaults.keys() == {a.name for a in layer.settings}


def test_a_layer_is_one_collapsed_group_with_its_parameters_by_name():
    graph = make_layer(LAYERS["Linear"], {**LAYERS["Linear"].defaults, "in_features": 5})
    (group,) = graph.groups.values()
    assert group.name == "Linear" and group.collapsed and group.members == set(graph.nodes)
    weight = graph.named("weight")
    assert weight is not None and weight.is_parameter
    gv.manual_seed(0)
    assert np.array_equal(weight.setting("data"), nn.Linear(5, 3).weight.array)
    found = border_of(graph, group.id)
    assert [input_name(graph, found, n) for n in range(len(found.inputs))] == ["input"]
    assert [output_name(graph, found, n) for n in range(len(found.outputs))] == ["output"]


def test_modules_within_a_layer_are_groups_within_its_group():
    layer = LAYERS["TransformerEncoderLayer"]
    graph = make_layer(layer, layer.defaults)
    parents = {
        g.name: None if g.parent is None else graph.groups[g.parent].name
        for g in graph.groups.values()
    }
    assert parents["self_attn"] == parents["linear1"] == "TransformerEncoderLayer"
    assert parents["out_proj"] == "self_attn"
    attention = next(i for i, g in graph.groups.items() if g.name == "self_attn")
    assert border_of(graph, attention).names[0] == ("src",)
    assert dumps(loads(dumps(graph))) == dumps(graph)


def test_one_wire_to_an_input_that_is_read_often_goes_to_all_that_read_it():
    layer = LAYERS["TransformerEncoderLayer"]
    graph = make_layer(layer, layer.defaults)
    found = border_of(graph, "g1")
    ((source, ends),) = found.inputs
    assert source is None and len(ends) == 4


def test_cards_of_a_layer_do_not_lie_on_one_another_at_any_level():
    layer = LAYERS["TransformerEncoderLayer"]
    graph = make_layer(layer, layer.defaults)
    for group_id in graph.groups:
        opened = grouping.expand(graph, [group_id]).edits
        for edit in opened:
            graph.apply(edit)
        direct = [graph.nodes[i].position for i in graph.groups[group_id].members]
        for number, (x, y) in enumerate(direct):
            others = direct[number + 1 :]
            assert all(abs(x - u) >= 150 or abs(y - v) >= 90 for u, v in others)


def test_what_a_wire_carries_says_how_large_a_layer_is_unless_somebody_said_so():
    linear, conv, attention = (LAYERS[n] for n in ("Linear", "Conv2d", "MultiheadAttention"))
    assert settings_for(linear, (2, 7), {})["in_features"] == 7
    assert settings_for(linear, (2, 7), {"in_features": 3})["in_features"] == 3
    assert settings_for(conv, (5, 8, 8), {})["in_channels"] == 5
    assert settings_for(conv, (8,), {})["in_channels"] == conv.defaults["in_channels"]
    found = settings_for(attention, (6, 2, 12), {})
    assert (found["embed_dim"], found["num_heads"]) == (12, 2)
    assert (found["length"], found["batch"]) == (6, 2)
    turned = settings_for(attention, (6, 2, 12), {"batch_first": True})
    assert (turned["length"], turned["batch"]) == (2, 6)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("MultiheadAttention", {"num_heads": 3}, "divisible"),
        ("Linear", {"in_features": 1_000_000, "out_features": 1_000_000}, "elements"),
        ("LSTM", {"length": 1000}, "operations"),
        ("LSTM", {"length": 1_000_000}, "1,000,000 operations"),
        ("Conv3d", {"stride": 1_000_000, "in_channels": 10}, "^Conv3d would hold"),
        ("Conv2d", {"groups": 3}, "divisible"),
    ],
)
def test_what_no_layer_can_be_is_refused_in_plain_words(name, given, said):
    layer = LAYERS[name]
    with pytest.raises(GraphError, match=said):
        make_layer(layer, {**layer.defaults, **given})


def test_a_layer_for_which_memory_does_not_suffice_is_refused(monkeypatch):
    def forward(module, input):
        raise MemoryError

    monkeypatch.setattr(nn.Linear, "forward", forward)
    with pytest.raises(GraphError, match="Linear needs more memory than there is"):
        make_layer(LAYERS["Linear"], LAYERS["Linear"].defaults)


def test_making_a_layer_leaves_the_random_numbers_as_they_were():
    gv.manual_seed(5)
    wanted = gv.rand(3).tolist()
    gv.manual_seed(5)
    make_layer(LAYERS["LSTM"], LAYERS["LSTM"].defaults)
    assert gv.rand(3).tolist() == wanted
