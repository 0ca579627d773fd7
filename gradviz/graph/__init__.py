"""The document: a graph of operations, its edits, its values and its backward pass."""

from gradviz.graph.changes import Change
from gradviz.graph.document import Edit, Graph, GraphError, Node, Settings, Wire
from gradviz.graph.edits import (
    AddNode,
    AddWire,
    Batch,
    RemoveNode,
    RemoveWire,
    ReplaceNode,
    SetSettings,
)
from gradviz.graph.evaluate import Evaluation, NodeError, Result
from gradviz.graph.forward_walk import ForwardStep, ForwardWalk, walk_forward
from gradviz.graph.group_edits import ChangeGroups
from gradviz.graph.groups import Group
from gradviz.graph.seeds import (
    OneHot,
    Ones,
    Seed,
    SeedError,
    Weights,
    parse_seed,
    seed_meaning,
    seed_text,
)
from gradviz.graph.stop_text import StopError, parse_stop, stop_text
from gradviz.graph.stops import Halt, Stop, next_stop, previous_stop, stop_moments
from gradviz.graph.walk import NoBackward, Sent, Walk, WalkStep, walk_back

__all__ = [
    "AddNode", "AddWire", "Batch", "Change", "ChangeGroups", "Edit", "Evaluation",
    "ForwardStep", "ForwardWalk", "Graph", "GraphError", "Group", "Halt",
    "NoBackward", "Node", "NodeError", "OneHot", "Ones", "RemoveNode", "RemoveWire", "ReplaceNode",
    "Result", "Seed", "SeedError", "Sent", "SetSettings", "Settings", "Stop", "StopError", "Walk",
    "WalkStep", "Weights", "Wire", "next_stop", "parse_seed", "parse_stop", "previous_stop",
    "seed_meaning", "seed_text", "stop_moments", "stop_text", "walk_back", "walk_forward",
]  # fmt: skip
