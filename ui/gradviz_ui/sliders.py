"""The range of a number's slider, the same on its card and in the inspector."""

import math

import numpy as np

from gradviz.graph import Node
from gradviz.graph.elements import number_of, whole_type
from gradviz.graph.leaves import holds_number

from .widgets.number_entry import NumberRule
from .widgets.slider_scale import SliderScale


def has_slider(node: Node) -> bool:
    """Whether a number's card has a slider: a parameter, or a constant that was given a range."""
    if node.op != "tensor":
        return False
    ranged = node.attrs.get("low") is not None and node.attrs.get("high") is not None
    return (node.is_parameter or ranged) and holds_number(node)


def slider_scale(node: Node) -> SliderScale:
    """The range of a number's slider: as set, else round ends that hold the value."""
    low, high = node.setting("low"), node.setting("high")
    value = abs(number_of(node))
    reach = 3.0
    while math.isfinite(value) and reach < value:
        reach *= 10 / 3 if f"{reach:e}".startswith("3") else 3
    log, rule = bool(node.setting("log")), number_rule(node)
    end = float(high) if high is not None else reach
    start = float(low) if low is not None else end / 1000 if log else -reach
    step = node.setting("step") or None
    if rule.whole:
        start, end = max(float(math.ceil(start)), rule.low), min(float(math.floor(end)), rule.high)
        step = max(1.0, round(step or 1))
    if not end > start:
        start = min(start, rule.high - 1.0)
        end = start + 1.0
    return SliderScale(start, end, step, log and start > 0, rule.whole)


def number_rule(node: Node) -> NumberRule:
    """Which numbers a leaf's type can hold."""
    kind = whole_type(node)
    if kind is None:
        return NumberRule()
    ends = np.iinfo(kind)
    return NumberRule(ends.min, ends.max, whole=True)
