"""What text becomes when it is pasted on the canvas: nodes, whatever they were written as."""

from gradviz.files import clipboard
from gradviz.graph import Batch, Graph, GraphError
from gradviz.program import FormulaError, insertion

Place = tuple[float, float]


def pasted(graph: Graph, text: str, place: Place) -> Batch:
    """The edit that adds what a text holds with its corner at `place`; GraphError says why not.

    Text may be nodes copied here, a formula, a PyTorch program, or cells of a spreadsheet.
    """
    if not text.strip():
        raise GraphError("There is nothing to paste.")
    if text.lstrip().startswith("{"):
        return clipboard.paste(graph, text, place)
    cells = numbers(text)
    try:
        return insertion(graph, text if cells is None else f"table = {cells}", place)
    except FormulaError as problem:
        where = f"line {problem.line}: " if len(text.strip().splitlines()) > 1 else ""
        raise GraphError(f"This text makes no nodes: {where}{problem.message}") from None


def numbers(text: str) -> list[list[float]] | None:
    """The cells of a spreadsheet, where the text is several of them and each is a number."""
    rows = [line.split("\t") for line in text.strip("\r\n").splitlines()]
    minus = "\N{MINUS SIGN}"
    single = len(rows) < 2 and len(rows[0]) < 2
    if single or any(len(row) != len(rows[0]) for row in rows):
        return None
    try:
        return [[float(cell.strip().replace(minus, "-")) for cell in row] for row in rows]
    except ValueError:
        return None
