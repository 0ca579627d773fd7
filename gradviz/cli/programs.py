"""Runs a person's Python program with this library standing in for PyTorch."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from gradviz.cli.common import InputFault, read_text
from gradviz.ops.table import OPS

NO_INPUT = "EOF when reading a line"
"""What Python's ``input()`` says where there is none."""


class ProgramFault(InputFault):
    """A program that failed, with what it had printed by then."""

    def __init__(self, message: str, printed: str) -> None:
        super().__init__(message)
        self.printed = printed


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Lets ``import torch`` in a program mean this library."""

    def __init__(self) -> None:
        self.own: dict[str, importlib.machinery.ModuleSpec | None] = {}

    def find_spec(
        self, fullname: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for ``torch`` and what is in it."""
        mine = fullname == "torch" or fullname.startswith("torch.")
        return importlib.util.spec_from_loader(fullname, self) if mine else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Our module of the same name."""
        ours = "gradviz" + spec.name.removeprefix("torch")
        try:
            found = importlib.import_module(ours)
        except ModuleNotFoundError:
            raise ModuleNotFoundError(f"GradViz has no {spec.name}", name=spec.name) from None
        self.own[found.__name__] = found.__spec__
        return found

    def exec_module(self, module: ModuleType) -> None:
        """It is loaded already; give it back what says where it is, which importing overwrote."""
        module.__spec__ = self.own[module.__name__]


def run_program(path: Path) -> tuple[dict[str, Any], str]:
    """Run a program: its names and what they stand for, and what it printed.

    :class:`ProgramFault` says where it failed. It gets no input, and finds modules beside it.
    """
    code = compiled(path, read_text(path))
    out = io.StringIO()
    scope: dict[str, Any] = {"__name__": "__main__", "__file__": str(path)}
    with surroundings(path), redirect_stdout(out):
        fault = failure(path, code, scope)
    if fault is not None:
        raise ProgramFault(fault, out.getvalue())
    return scope, out.getvalue()


def compiled(path: Path, text: str) -> CodeType:
    """The program's code; InputFault where it is not Python."""
    try:
        return compile(text, str(path), "exec")
    except SyntaxError as problem:
        place = f"{path}:{problem.lineno}" if problem.lineno else str(path)
        raise InputFault(f"{place}: {problem.msg}") from None
    except (ValueError, RecursionError, MemoryError) as problem:
        raise InputFault(f"{path}: it is not Python: {problem}") from None


def failure(path: Path, code: CodeType, scope: dict[str, Any]) -> str | None:
    """Run the code; what went wrong and where, or None."""
    try:
        exec(code, scope)
    except SystemExit as stop:
        if stop.code not in (None, 0):
            return f"{place_of(path, stop)}: the program ended itself with exit({stop.code!r})"
    except Exception as problem:  # whatever the person's program raises is the input's fault
        said = f"{type(problem).__name__}: {problem}{hint(problem)}"
        return f"{place_of(path, problem)}: {said}"
    return None


def hint(problem: Exception) -> str:
    """What would be right, where that can be told."""
    if isinstance(problem, EOFError) and str(problem) == NO_INPUT:
        return "; `gradviz run` gives a program no input: write the values into it"
    if isinstance(problem, NameError) and any(op.base_name == problem.name for op in OPS.values()):
        return f"; in a program it is torch.{problem.name}, after `import torch`"
    return ""


def place_of(path: Path, problem: BaseException) -> str:
    """The line of the program that an exception came from."""
    frames = traceback.extract_tb(problem.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return f"{path}:{lines[-1]}" if lines else str(path)


@contextmanager
def surroundings(path: Path) -> Generator[None, None, None]:
    """What a program sees around it while it runs; put back as it was afterwards."""
    before = sys.argv, sys.stdin, sys.path[:]
    hidden = {name: sys.modules.pop(name) for name in torch_modules()}
    finder = StandIn()
    sys.meta_path.insert(0, finder)
    sys.argv, sys.stdin = [str(path)], io.StringIO()
    sys.path.insert(0, str(path.resolve().parent))
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in torch_modules():
            del sys.modules[name]
        sys.modules.update(hidden)
        sys.argv, sys.stdin, sys.path[:] = before


def torch_modules() -> list[str]:
    """The loaded modules that go by PyTorch's names."""
    return [name for name in sys.modules if name == "torch" or name.startswith("torch.")]
