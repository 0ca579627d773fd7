"""Hold the public names and keywords here against those of the PyTorch that is installed.

``python scripts/compare_surface.py`` lists the keywords that differ; with ``--absent PATH`` it
writes the page of names that are in PyTorch and not here, grouped by the reason. A name without
a group makes it fail, so that nothing is absent unawares.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import gradviz
from gradviz.tensor.binding import overloads

PLACES = (
    "torch", "torch.Tensor", "torch.linalg", "torch.special", "torch.autograd",
    "torch.autograd.functional", "torch.autograd.graph", "torch.func", "torch.random",
    "torch.Generator", "torch.Size", "torch.utils.data", "torch.nn", "torch.nn.functional",
    "torch.nn.init", "torch.nn.utils", "torch.optim", "torch.optim.lr_scheduler",
    "torch.optim.swa_utils",
)  # fmt: skip
ANYWHERE = {"out", "layout", "device", "pin_memory", "memory_format", "names", "requires_grad",
            "non_blocking", "generator"}  # fmt: skip
GROUPS: tuple[tuple[str, str, str], ...] = (
    ("Complex numbers", "values are real: there are no complex data types",
     r"complex|cdouble|cfloat|chalf|^eig|istft|^stft|polar|view_as_real|^to_real"),
    ("Sparse tensors", "tensors are dense",
     r"sparse|_coo|csr|csc|bsr|bsc|smm$|^dsmm|spmm|saddmm|sspaddmm|coalesce|crow_|ccol_|col_indices"
     r"|row_indices|^indices|^values|to_padded_tensor|to_mkldnn"),
    ("Quantised and narrow types", "values are of the types that NumPy computes in",
     r"quant|^q_|^q[iu]|qscheme|qparams|per_channel|per_tensor|int_repr|fbgemm|bfloat16|BFloat16"
     r"|float4|float8|^bits?\d|^bit$|^u?int\d+|fake_quant"),
    ("Other devices", "everything runs on the processor",
     r"cuda|cudnn|miopen|mkldnn|vulkan|ipu$|xpu$|mtia|Stream|^Event$|autocast|GradScaler|get_device"
     r"|pin_memory|record_stream|accelerator|Accelerator|OutOfMemory|default_device|has_m|has_l"
     r"|has_s|has_o|maia|gpu"),
    ("Distributed and parallel work", "one process computes",
     r"istributed|parallel|Parallel|RRef|share_memory|num_.*threads|multiprocess|multithread|^fork$"
     r"|^wait$|Future|thread_safe|num_threads"),
    ("Compiling, tracing, scripting and export", "a graph is the document itself, or a plan of it",
     r"^compile|[Ss]cript|[jJ]it|JIT|^sym|^Sym|Type$|trace|Tracing|Graph|IR|^parse_|_ir$|import_ir"
     r"|Schema|Dispatch|Alias|Argument|^Block$|CallStack|Capsule|Code$|CompilationUnit|Module.*Build"
     r"|ErrorReport|ExecutionPlan|FatalError|FileCheck|Gradient$|IODesc|Logger|OperatorInfo|Static"
     r"|^Use$|^Value$|^Tag$|unify_type|merge_type|cond$|while_loop|functionalize|debug_unwrap"
     r"|Aggregation|^AVG|^SUM|Benchmark|LiteScript|PyObject|PyTorchFile|USE_|^Node$|Deep.*Memo"
     r"|Serialization|Interface|classproperty|merge|PRIVATE|typename|compiled_with|constrain|RRef"),
    ("Storages", "memory is NumPy's; `stride`, `storage_offset` and `data_ptr` ask of it",
     r"[Ss]torage|as_strided|dlpack|from_file|empty_strided|empty_permuted|slice_inverse|set_$"
     r"|hash_tensor|prepare_multi|get_file_path|is_set_to"),
    ("Profiling and debugging of PyTorch itself", "steps can be walked and explained instead",
     r"[Pp]rofil|kineto|deterministic|warn_always|flush_denormal|float32_matmul|view_replay"
     r"|legacy_contiguous|grad_layout|stream_mismatch|stale_capture|activation_memory"),
    ("Torch's own plumbing", "functions that PyTorch keeps public for its own layers",
     r"native_|batch_norm_|_copy$|alias_copy|convolution$|norm_except|^(gru|lstm|rnn_)|_cell$|unsafe"
     r"|has_torch|handle_torch|tensor_like|TorchFunction|overload|Mapping|Sequence|TYPE_CHECKING"
     r"|common_|multi_dim|DeviceType|^Tensor$|^cast$|^variable$|Variable|Nested|SavedTensor"
     r"|as_subclass|module_load|reinforce|^resize(_as)?$|volatile|^index$|name$|graphsafe|offset"
     r"|default_tensor_type|anomaly|abbr|mypy|Optional|Union|Callable|Any$|Literal|Iterable"),
    ("Nested and ragged tensors", "every tensor has one shape", r"nested|jagged|segment_reduce"),
    ("Data pipes and workers", "a loader works in the process that asks",
     r"Pipe|DataChunk|argument_validation|functional_datapipe|guaranteed|non_deterministic"
     r"|runtime_validation|worker|ChainDataset|StackDataset"),
    ("Removed or deprecated in PyTorch", "PyTorch itself refuses or advises against them",
     r"^(lstsq|matrix_rank|solve|symeig|nuclear_norm|frobenius_norm|range|geqrf|orgqr|ormqr"
     r"|constant|dirac|eye|kaiming_(normal|uniform)|normal|orthogonal|uniform"
     r"|xavier_(normal|uniform)"
     r"|clip_grad_norm|Container|NLLLoss2d|(remove_)?(spectral|weight)_norm)$|legacy|EPOCH"),
    ("Hooks on what is kept", "a record keeps arrays as they are, and frees them after a pass",
     r"saved_tensors|save_on_cpu"),
    ("Kernels for large models", "they are made for devices that are not offered",
     r"_mm$|[lL]inear_?[cC]ross_?[eE]ntropy|^fuse_|^convert_conv|SyncBatchNorm"),
    ("Helpers of PyTorch's own modules", "no program needs them by name",
     r"BroadcastingList|GRID_SAMPLE|assert_int|boolean_dispatch|_notes$|factory_kwargs|RNN.*Base"
     r"|RemovableHandle|^Optimizer$|^inf$|PARAM_LIST|(Buffer|Module|Parameter)Dict|swap_in_opt"),
    ("Inexact in PyTorch", "PyTorch's values are 2e-7 off SciPy's: ours would be right and differ",
     r"^bessel_(j0|y1)$"),
)  # fmt: skip
REST = ("Not offered yet", "rarely used; nothing but the work stands in their way")


def ours(place: str) -> Any:
    """What stands here for a place of PyTorch; None where nothing does."""
    target: Any = gradviz
    for part in place.split(".")[1:]:
        try:
            target = getattr(target, part)
        except AttributeError:
            try:
                target = importlib.import_module(f"{target.__name__}.{part}")
            except ModuleNotFoundError:
                return None
    return target


def theirs(place: str) -> Any:
    """A place of PyTorch."""
    target: Any = importlib.import_module("torch")
    for part in place.split(".")[1:]:
        target = getattr(target, part)
    return target


def has(target: Any, name: str) -> bool:
    """Whether a module or type offers ``name``; an error other than absence counts as there."""
    try:
        getattr(target, name)
    except AttributeError:
        return False
    except (RuntimeError, AssertionError):
        return True
    return True


def absent(place: str) -> list[str]:
    """The public names of a place of PyTorch that are not here."""
    source, target = theirs(place), ours(place)
    names = [n for n in dir(source) if not n.startswith("_")]
    own = [n for n in names if is_own(getattr(source, n, None))]
    return [n for n in own if n != "annotations" and (target is None or not has(target, n))]


def is_own(value: Any) -> bool:
    """Whether something is PyTorch's, and not a module's import from elsewhere."""
    home = str(getattr(value, "__module__", None) or "torch")
    return not isinstance(value, ModuleType) and home.partition(".")[0] == "torch"


def group_of(name: str) -> tuple[str, str]:
    """The title and reason of the group that an absent name belongs to."""
    return next(((title, why) for title, why, rule in GROUPS if re.search(rule, name)), REST)


def page() -> str:
    """The page of absent names."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for place in PLACES:
        for name in absent(place):
            found.setdefault(group_of(name), {}).setdefault(place, []).append(name)
    version = importlib.import_module("torch").__version__.partition("+")[0]
    lines = [
        "# Absent names", "",
        f"The public names of PyTorch {version} that GradViz does not offer, by reason. Written "
        "by `scripts/compare_surface.py --absent docs/absent.md`; a test holds each to be absent.",
        "",
    ]  # fmt: skip
    for title, why in [*((t, w) for t, w, _ in GROUPS), REST]:
        places = found.get((title, why))
        if places is None:
            continue
        lines += [f"## {title}", "", why[0].upper() + why[1:] + ".", ""]
        for place, names in places.items():
            lines += [f"- `{place}`: " + " ".join(f"`{n}`" for n in names), ""]
    return "\n".join(lines).rstrip() + "\n" + DIFFERENCES


DIFFERENCES = """
## Differences

- The gradient of a determinant that is exactly zero is the derivative here; PyTorch gives zeros.
- `func.vmap` calls the function once an example, `func.jvp` and `func.jacfwd` go back twice: right
  for every function, at the pace of a loop. Values may steer the flow of control there.
- `Tensor.set_` takes a tensor only, and a view cannot follow a base that was given another shape in
  place after the view was made.
- A `save` is in safetensors, and pickled tensors are refused by `load`.
"""


def stub_overloads(text: str, owner: str | None) -> dict[str, list[list[str]]]:
    """The arguments of every overload of every function in a stub file."""
    body: list[ast.stmt] = ast.parse(text).body
    if owner is not None:
        classes = (n for n in body if isinstance(n, ast.ClassDef) and n.name == owner)
        body = next(classes).body
    found: dict[str, list[list[str]]] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            args = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            names = [a.arg for a in args if a.arg not in ("self", "cls")]
            found.setdefault(node.name, []).append(names)
    return found


def accepted(function: Any, name: str) -> list[set[str]] | None:
    """The arguments each overload here takes; None where any keyword is passed on."""
    ops = overloads(name)
    if ops and "function" in getattr(function, "__qualname__", "function"):
        return [{"input", *(p.name for p in op.ports), *(a.name for a in op.attrs)} for op in ops]
    if ops and function.__qualname__ == name:
        return [{p.name for p in op.ports} | {a.name for a in op.attrs} for op in ops]
    parameters = inspect.signature(inspect.unwrap(function)).parameters
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return None
    return [set(parameters)]


def differing_keywords() -> Iterator[str]:
    """Overloads of PyTorch's functions whose keywords no overload here takes."""
    root = Path(importlib.import_module("torch").__file__ or "").parent / "_C"
    stubs = (root / "_VariableFunctions.pyi").read_text(encoding="utf-8")
    for name, signatures in sorted(stub_overloads(stubs, None).items()):
        if name.startswith("_") or not has(gradviz, name):
            continue
        mine = accepted(getattr(gradviz, name), name)
        for names in signatures:
            wanted = set(names) - ANYWHERE
            if mine is not None and not any(wanted <= taken for taken in mine):
                best = min(mine, key=lambda taken: len(wanted - taken))
                yield f"torch.{name}({', '.join(names)}): lacks {', '.join(sorted(wanted - best))}"


def main() -> int:
    """Write the page, or list what differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--absent", type=Path, help="write the page of absent names here")
    path: Path | None = parser.parse_args().absent
    if path is not None:
        path.write_text(page(), encoding="utf-8")
        return 0
    lines = list(dict.fromkeys(differing_keywords()))
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
