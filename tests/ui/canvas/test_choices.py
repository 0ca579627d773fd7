"""What the search offers first, as one sees it who types there or pulls a wire there."""

import pytest
from PySide6.QtCore import QPointF, Qt


def titles(view) -> list[str]:
    results = view.overlays.popup.results
    return [results.item(row).text() for row in range(results.count())]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("mul", "mul"),
        ("multiply", "mul"),
        ("×", "mul"),
        ("torch.nn.functional.relu", "relu"),
        ("F.softmax", "softmax"),
        ("torch.linalg.det", "det"),
        ("nn.Linear", "Linear"),
        ("matrix product", "matmul"),
        ("-3.5", "constant −3.500"),
    ],
)
def test_names_aliases_symbols_paths_and_descriptions_are_typed(view, qtbot, typed, first):
    qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.keyClicks(view.overlays.popup.field, typed)
    assert titles(view)[0] == first


def test_what_the_pulled_wire_carries_decides_what_comes_first(view, hand, qtbot, showing):
    showing("m = tensor([[1.0, 2.0], [3.0, 4.0]])\nk = tensor(2.0)\nJ = m * k")
    offered = {}
    for name in ("m", "k"):
        hand.drag(hand.output(name), hand.output(name) + QPointF(60, 220))
        offered[name] = titles(view)
        qtbot.keyClick(view.overlays.popup.field, Qt.Key.Key_Escape)
    assert "parameter" not in offered["m"] and "matmul" in offered["m"][:6]
    assert "matmul" not in offered["k"][:12] and "add" in offered["k"][:6]


def test_what_was_used_before_comes_first(view, editor, qtbot):
    def offered() -> list[str]:
        qtbot.keyClick(view, Qt.Key.Key_Space)
        found = titles(view)
        qtbot.keyClick(view.overlays.popup.field, Qt.Key.Key_Escape)
        return found

    assert "atanh" not in offered()
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Space)
        qtbot.keyClicks(view.overlays.popup.field, "atanh")
        qtbot.keyClick(view.overlays.popup.field, Qt.Key.Key_Return)
    assert "atanh" in offered()[:8]
