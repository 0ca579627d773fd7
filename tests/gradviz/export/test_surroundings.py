"""Frames, notes, colours and the ways of wires in the exports that are text."""

import re

import pytest

from gradviz.export.dot import dot
from gradviz.export.mermaid import mermaid
from gradviz.export.tex import marked
from gradviz.export.tikz import tikz
from gradviz.graph import AddNode, AddWire, Graph, Node, Wire, compose, decorating
from gradviz.program import graph_from_source


@pytest.fixture
def graph(product: Graph) -> Graph:
    """The product with a frame round ``a``, one in it, a note, colours and a dot."""
    made, ids = product, product.ids_by_name
    made.apply(decorating.add_frame(made, (-60, -80), (260, 300), "In & out"))
    made.apply(decorating.add_frame(made, (-20, -40), (200, 200), "inner"))
    made.apply(decorating.add_note(made, (500, 200), (160, 60), "the **rate** $\\eta$"))
    made.apply(decorating.colour(made, [ids["b"]], ["s1", "s3"], "teal"))
    wire = made.inputs(ids["J"])[0]
    made.apply(decorating.lead(made, wire, [(250, 80)]))
    return made


def test_dot_has_clusters_notes_and_colours(graph):
    text = dot(graph)
    assert text.count("{") == text.count("}") == 3
    outer, inner = (text.index(f'"cluster_{i}"') for i in ("s1", "s2"))
    first, second = (text.index(f"{graph.named(n).id} [label") for n in ("a", "b"))
    assert outer < inner < first < text.index("}") < second
    assert 'label="In & out"' in text and "shape=note" in text
    assert re.search(rf'{graph.named("b").id} \[.*fillcolor="#[0-9A-F]{{6}}"', text)
    assert "rankdir=LR" in text
    graph.apply(compose.set_flow(graph, "down"))
    assert "rankdir=TB" in dot(graph)


def test_mermaid_has_subgraphs_notes_and_colours(graph):
    text = mermaid(graph)
    assert text.count("subgraph ") == len(re.findall(r"^ *end$", text, re.M)) == 2
    assert 'subgraph box_s1["In &amp; out"]' in text
    assert 'box_s3>"the **rate** $\\eta$"]' in text
    assert re.search(rf"style {graph.named('b').id} fill:#\w+,stroke:#\w+", text)
    graph.apply(compose.set_flow(graph, "down"))
    assert mermaid(graph).startswith("flowchart TB")


def test_tikz_draws_all_where_the_canvas_has_it(graph):
    text = tikz(graph)
    assert text.count("rectangle") == 2 and r"{In \& out}" in text
    assert r"\definecolor{teal}{HTML}" in text and r"\definecolor{rose}" not in text
    assert r"the \textbf{rate} $\eta$" in text
    assert "(187.5pt, -60pt)" in text
    assert "fill=teal!14!card" in text
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}") and text.count("$") % 2 == 0
    graph.apply(compose.set_flow(graph, "down"))
    down = tikz(graph)
    assert ".south)" in down and ".north)" in down and ".east)" not in down


def test_markdown_as_tex():
    said = marked("# Title\nfirst *so* `a_b` 50%\n\n- point $x_1$\n$$y$$")
    assert said == (
        r"\textbf{Title} \\ first \emph{so} \texttt{a\_b} 50\% \\ "
        r"\textbullet\ point $x_1$ \\ \(\displaystyle y\)"
    )


def test_ids_that_mean_something_else_to_a_language_are_spelled():
    odd = Graph()
    for node_id, name in (("a.b", "x"), ("a-b", "y"), ("end", "z")):
        odd.apply(AddNode(Node(node_id, "tensor", name)))
    odd.apply(AddNode(Node("graph", "cat", "J")))
    for port, source in enumerate(("a.b", "a-b", "end")):
        odd.apply(AddWire(Wire(source, "graph", port)))
    for text in (dot(odd), mermaid(odd), tikz(odd)):
        for written in ("node_a_2e_b", "node_a_2d_b", "node_end"):
            assert re.search(rf"{written}\b.*node_graph\b", text), written


def test_what_has_none_is_as_it_was():
    plain = graph_from_source("J = a * b")
    for text in (dot(plain), mermaid(plain), tikz(plain)):
        assert not re.search("cluster|subgraph|style n|!14|rectangle", text)
