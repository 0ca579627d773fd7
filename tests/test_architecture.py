"""Holds the code to its budgets and directions, so that it stays as readable as it was laid out.

Which package may import which is said in pyproject.toml and checked by import-linter.
"""

import ast
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import grimp
import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "gradviz"
APP = ROOT / "ui"
FOLDERS = (ENGINE, APP, ROOT / "scripts")
GUI = {"PySide6", "shiboken6", "pyqtgraph", "superqt", "qtpy", "gradviz_ui"}

MAX_FILE = 400
MAX_FUNCTION = 60
MAX_MEDIAN = 8
MAX_METHODS = 20

Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[["Source"], Iterator[str]]


@dataclass(frozen=True)
class Source:
    """A file of the project, read once."""

    path: Path
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    def at(self, line: int) -> str:
        """The place as editors and terminals open it."""
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{line}"


def sources(*folders: Path) -> list[Source]:
    paths = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return [Source(path, path.read_text(encoding="utf-8")) for path in paths]


def functions(source: Source) -> Iterator[Function]:
    return (node for node in ast.walk(source.tree) if isinstance(node, Function))


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_overload(node: Function) -> bool:
    return any(ast.unparse(decorator).endswith("overload") for decorator in node.decorator_list)


def long_file(source: Source) -> Iterator[str]:
    lines = len(source.text.splitlines())
    if lines > MAX_FILE:
        yield f"{source.at(MAX_FILE)} has {lines} lines; a file has at most {MAX_FILE}: split it"


def long_functions(source: Source) -> Iterator[str]:
    for node in functions(source):
        if length(node) > MAX_FUNCTION:
            yield f"{source.at(node.lineno)} {node.name} has {length(node)} lines of {MAX_FUNCTION}"


def large_classes(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            own = [part for part in node.body if isinstance(part, Function)]
            methods = {part.name for part in own if not is_overload(part)}
            if len(methods) > MAX_METHODS:
                yield f"{source.at(node.lineno)} {node.name} has {len(methods)} of {MAX_METHODS}"


def missing_docstring(source: Source) -> Iterator[str]:
    if not ast.get_docstring(source.tree):
        yield f"{source.at(1)} does not say why the module exists"


def catch_all_name(source: Source) -> Iterator[str]:
    if source.path.name == "utils.py":
        yield f"{source.at(1)} is named for nothing: name it for what it holds"


def bare_excepts(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield f"{source.at(node.lineno)} catches everything: name the error"


# Each rule, with a file that breaks it.
METHODS = "\n".join(f"    def m{n}(self): ..." for n in range(MAX_METHODS + 1))
BREACHES: dict[Rule, str] = {
    long_file: '"""Doc."""\n' * (MAX_FILE + 1),
    long_functions: "def f():\n" + "    x = 1\n" * MAX_FUNCTION,
    large_classes: f"class C:\n{METHODS}\n",
    missing_docstring: "x = 1\n",
    catch_all_name: "",
    bare_excepts: "try:\n    x = 1\nexcept:\n    x = 2\n",
}
every_rule = pytest.mark.parametrize("rule", BREACHES, ids=lambda rule: rule.__name__)


@every_rule
def test_every_file_keeps(rule: Rule) -> None:
    breaches = [breach for source in sources(*FOLDERS) for breach in rule(source)]
    assert not breaches, "\n" + "\n".join(breaches)


@every_rule
def test_a_breach_is_found_by(rule: Rule) -> None:
    (breach,) = rule(Source(Path("utils.py"), BREACHES[rule]))
    assert breach.startswith("utils.py:")


def test_half_of_the_functions_are_short() -> None:
    places = [
        (length(node), source.at(node.lineno), node.name)
        for source in sources(ENGINE, APP)
        for node in functions(source)
    ]
    median = statistics.median(lines for lines, _, _ in places) if places else 0
    longest = "\n".join(f"{place} {name}: {n} lines" for n, place, name in sorted(places)[-20:])
    assert median <= MAX_MEDIAN, f"the median is {median} lines; the longest:\n{longest}"


def import_cycles(graph: grimp.ImportGraph) -> list[str]:
    """Each knot of modules that import each other, as one shortest way round it."""
    imports: nx.DiGraph[str] = nx.DiGraph()
    for module in graph.modules:
        found = graph.find_modules_directly_imported_by(module)
        imports.add_edges_from((module, other) for other in found)
    knots = [knot for knot in nx.strongly_connected_components(imports) if len(knot) > 1]
    return [" → ".join(one_way_round(imports.subgraph(knot))) for knot in knots]


def one_way_round(knot: "nx.DiGraph[str]") -> list[str]:
    start = min(knot)
    ways = [nx.shortest_path(knot, following, start) for following in knot.successors(start)]
    return [start, *min(ways, key=len)]


def test_no_module_imports_itself_by_a_detour() -> None:
    # An import for type checkers alone never runs, so it ties no knot.
    graph = grimp.build_graph(
        "gradviz", "gradviz_ui", exclude_type_checking_imports=True, cache_dir=None
    )
    cycles = import_cycles(graph)
    assert not cycles, "\n" + "\n".join(cycles)


def test_a_planted_cycle_is_found() -> None:
    graph = grimp.ImportGraph()
    graph.add_import(importer="a", imported="b")
    graph.add_import(importer="b", imported="c")
    graph.add_import(importer="c", imported="a")
    graph.add_import(importer="c", imported="d")
    assert import_cycles(graph) == ["a → b → c → a"]


def test_every_folder_of_modules_is_a_package() -> None:
    # import-linter and the cycle test pass over a folder that is none.
    bare = {
        source.path.parent
        for source in sources(ENGINE, APP / "gradviz_ui")
        if not (source.path.parent / "__init__.py").exists()
    }
    assert not bare, f"__init__.py is missing in {', '.join(sorted(map(str, bare)))}"


def imported_names(source: Source) -> Iterator[tuple[int, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def test_the_engine_names_no_gui() -> None:
    found = [
        f"{source.at(line)} imports {name}"
        for source in sources(ENGINE)
        for line, name in imported_names(source)
        if name.split(".")[0] in GUI
    ]
    assert not found, "\n" + "\n".join(found)


def test_importing_the_engine_loads_no_gui() -> None:
    code = "import sys, gradviz; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "gradviz" in done.stdout.split()
    assert not GUI & set(done.stdout.split())
