"""The short way through a call, written out for each operation when it is first called.

Most calls are alike: tensors of one floating-point type, and plain numbers. For them nothing is
promoted, and what is to be asked of each input can be written down one after the other, without
loops and without calls from one function to the next, which cost more than small arrays do. What a
lane does is what :func:`gradviz.tensor.tensor.apply` does at length; it leaves to it, by giving
None, whatever is not alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradviz.autograd import inference
from gradviz.autograd.mode import STATE
from gradviz.autograd.record import SEQUENCE, Needed, Record, needed
from gradviz.ops.spec import Op
from gradviz.tensor.dispatch import copy_as_now
from gradviz.tensor.views import ViewStep

Lane = Callable[[tuple[Any, ...], Mapping[str, Any]], Any]

PROMOTED = """
    a{i} = getattr(v{i}, "array", None)
    if a{i} is None:
        if type(v{i}) is not float and type(v{i}) is not int:
            return None
        a{i}, k{i}, s{i} = v{i}, None, ()
    else:
        k{i}, s{i} = a{i}.dtype, a{i}.shape
        if kind is None:
            kind = k{i}
        elif kind is not k{i}:
            return None"""
"""An array of the others' type, or a number."""

GIVEN = """
    a{i} = getattr(v{i}, "array", None)
    if a{i} is not None:
        k{i}, s{i} = a{i}.dtype, a{i}.shape
        kind = kind or k{i}
    elif v{i} is None:
        k{i}, s{i} = None, ()
    else:
        return None"""
"""An array of any type, or nothing."""

RUN = """
    if kind is None{floating}:
        return None
    try:
        result{aside} = STATE.quiet(forward, {arrays}{settings})
    except ValueError:
        return None
    if type(result) is not ndarray:
        if type(result) is tuple:
            return several(op, inputs, attrs, result)
        result = asarray(result)
    output = new(Tensor)
    output.array = result
    output._grad = output._view = output._hooks = output._post_hooks = None
    output._output = output._seen = 0
    output._counter = version_counter() if BLOCKS else [0]
    output._retains = False{shares}
    mask = 0
    if STATE.enabled:{asks}
    if not mask:
        output._requires_grad = False
        output._node = None
        return output
    record = new(Record)
    numbers = constants = versions = ()"""

ASKS = """
        if k{i} is not None and (v{i}._requires_grad if v{i}._view is None else v{i}.requires_grad):
            mask |= {bit}"""

SHARES = """
    base = result.base
    if base is a0 or (base is not None and base is a0.base) or may_share_memory(result, a0):
        output._counter = counter = v0._counter
        output._seen = counter[0]
        base, chain = v0._view or (v0, ())
        output._view = (base, (*chain, ViewStep(op, attrs, None)))"""
"""The tie of a view to what it views: what :func:`gradviz.tensor.tensor.share` does."""

NOTE = """
    if mask & {bit}:
        node = v{i}._node
        p{i} = (node, v{i}._output) if node is not None else v{i}.tape_key()
    else:
        p{i} = None
        if k{i} is None:
            numbers += (({i}, v{i}),)
        else:
            constants += (({i}, v{i}, v{i}._counter[0]),)"""

KEEP = """
    if k{i} is not None and kept.flags[{i}]:
        counter = v{i}._counter
        if type(counter) is not list:
            check_saved(counter)
        versions += ((counter, counter[0], v{i}),)"""

COPY = """
    if k{i} is not None and {i} in kept.copied and (when is None or when(record, {i}, v{i}.array)):
        v{i} = copy_as_now(v{i}, p{i})
    elif k{i} is not None and kept.flags[{i}]:
        counter = v{i}._counter
        if type(counter) is not list:
            check_saved(counter)
        versions += ((counter, counter[0], v{i}),)"""
"""The same for an input of which a copy may be kept."""

FINISH = """
    kept = plans.get(mask)
    if kept is None:
        kept = plans[mask] = needed(op, mask)
    record.kept = kept
    record.op, record.attrs, record.parents = op, attrs, ({parents},)
    record.shapes, record.dtypes = ({shapes},), ({kinds},)
    if kept.ports:{keeps}
        flags = kept.flags
        record.saved = ({saved},)
    else:
        record.saved = ()
    record.numbers, record.constants = numbers, constants
    record.hooks = record.retained = record.out_arrays = None
    record.aside = {aside}
    record.sequence = next(SEQUENCE)
    kind = result.dtype
    record.out_shapes = ((result.shape, kind),)
    if kind.kind == "f":
        output._requires_grad, output._node = True, record
        if kept.outputs:
            record.out_arrays = {{i: (result, from_record) for i in kept.outputs}}
            versions += (output.version_mark(0),)
    else:
        output._requires_grad, output._node = False, None
    record.versions = versions
    return output"""


def text_of(op: Op) -> str:
    """The lane of ``op`` as Python."""
    places = range(len(op.ports))
    listed = {n: ", ".join([f"{n}{i}" for i in places]) for n in "avpsk"}
    promoted = op.promotion != "none"
    keep, aside = COPY if op.saving.copies else KEEP, op.saving.aside is not None
    asking = [ASKS.format(i=i, bit=1 << i) for i in places if op.takes_gradient[i]]
    return "".join(
        (
            f"def lane(inputs, attrs):\n    {listed['v']}, = inputs\n    kind = None",
            *[(PROMOTED if promoted else GIVEN).format(i=i) for i in places],
            RUN.format(
                floating=' or kind.kind != "f"' if promoted else "",
                arrays=listed["a"],
                aside=", aside" if aside else "",
                settings="".join([f", {a.name}=attrs[{a.name!r}]" for a in op.attrs]),
                shares=SHARES if op.view else "",
                asks="".join(asking) or "\n        pass",
            ),
            *[NOTE.format(i=i, bit=1 << i) for i in places],
            FINISH.format(
                keeps="".join(keep.format(i=i).replace("\n", "\n    ") for i in places),
                saved=", ".join(f"v{i} if flags[{i}] else None" for i in places),
                parents=listed["p"],
                shapes=listed["s"],
                kinds=listed["k"],
                aside="aside" if aside else "None",
            ),
        )
    )


def no_lane(inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
    """The lane of an operation of which no two calls are alike: it leaves all to others."""
    return None


def lane_of(op: Op, tensor: Any, several: Callable[..., Any]) -> Lane:
    """The lane of ``op``; ``several`` makes tensors of a result that is more than one array."""
    checked = op.check is not None and op.promotion == "none"
    if checked or op.variadic or op.category == "const" or not op.ports:
        return no_lane
    plans: dict[int, Needed] = {}
    scope: dict[str, Any] = {
        "BLOCKS": inference.BLOCKS, "Record": Record, "SEQUENCE": SEQUENCE, "STATE": STATE,
        "Tensor": tensor, "asarray": np.asarray, "check_saved": inference.check_saved,
        "copy_as_now": copy_as_now, "forward": op.saving.aside or op.forward,
        "from_record": tensor.from_record, "ndarray": np.ndarray,
        "may_share_memory": np.may_share_memory, "needed": needed,
        "new": object.__new__, "op": op, "plans": plans, "several": several, "ViewStep": ViewStep,
        "version_counter": inference.version_counter, "when": op.saving.when,
    }  # fmt: skip
    exec(compile(text_of(op), f"<lane of {op.name}>", "exec"), scope)
    return scope["lane"]
