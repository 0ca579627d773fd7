"""Small graphs from text, evaluated and walked back."""

from collections.abc import Callable

import pytest

from gradviz.graph import Evaluation, Walk, walk_back
from gradviz.program import graph_from_source

Made = tuple[Evaluation, Walk]


@pytest.fixture
def walked() -> Callable[[str], Made]:
    """A graph of this source with its backward pass from the output."""

    def make(text: str) -> Made:
        evaluation = Evaluation(graph_from_source(text))
        return evaluation, walk_back(evaluation, evaluation.graph.output() or "")

    return make
