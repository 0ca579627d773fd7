"""Documents that tests of several packages begin with."""

import pytest

from gradviz.graph import Graph, compose
from gradviz.program import graph_from_source


@pytest.fixture
def product() -> Graph:
    """``J = a * b``, the cards of ``a``, ``b`` and ``J`` beside one another."""
    made = graph_from_source("J = a * b")
    places = {made.ids_by_name[n]: (300.0 * k, 0.0) for k, n in enumerate(("a", "b", "J"))}
    made.apply(compose.move(made, places))
    return made
