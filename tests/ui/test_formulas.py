import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from ziamath.nodes.mrow import Mrow
from ziamath.zmath import Latex

from gradviz_ui import formula_speed, formulas, theme
from gradviz_ui.formulas import FormulaError, FormulaLabel, formula_drawing, formula_pixmap

CHAIN = (
    r"\frac{\partial J}{\partial w} = \textcolor{grad}{-6.000} \cdot \textcolor{val}{-1.500}"
    r" = \textcolor{grad}{\mathbf{9.000}}"
)


@pytest.fixture(autouse=True)
def light_again(qapp):
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


def colours_of(pixmap):
    image = pixmap.toImage()
    dots = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {dot.name() for dot in dots if dot.alpha() == 255}


def test_a_formula_shows_values_gradients_and_the_rest_in_their_colours():
    found = theme.current()
    seen = colours_of(formula_pixmap(CHAIN, 40, device_pixel_ratio=2.0))
    assert {found.val.lower(), found.grad.lower(), found.ink.lower()} <= seen


def test_the_pixmap_follows_the_device_pixel_ratio():
    once = formula_pixmap("x + y", 17)
    twice = formula_pixmap("x + y", 17, device_pixel_ratio=2.0)
    assert twice.devicePixelRatio() == 2.0
    assert abs(twice.width() - 2 * once.width()) <= 2
    assert abs(twice.deviceIndependentSize().width() - once.width()) <= 1


def test_the_baseline_lies_within():
    drawing = formula_drawing(r"\frac{a}{b}", 17)
    assert 0 < drawing.baseline < drawing.height


def test_drawing_again_costs_next_to_nothing():
    drawing, pixmap = formula_drawing(CHAIN, 17), formula_pixmap(CHAIN, 17)
    assert formula_drawing(CHAIN, 17) is drawing
    assert formula_pixmap(CHAIN, 17) is pixmap


def test_bold_numbers_are_bold():
    assert formula_drawing(r"\mathbf{9}", 17).svg != formula_drawing("9", 17).svg
    assert formula_drawing(r"\mathbf{9}", 17) == formula_drawing("𝟗", 17)


def test_a_minus_after_a_bracket_is_a_sign():
    tight = formula_drawing("f(-2, -1.5)", 17).width
    assert tight == formula_drawing("f({-2}, {-1.5})", 17).width
    assert formula_drawing("(a -2)", 17) == formula_drawing("(a - 2)", 17)


@pytest.mark.parametrize("wrong", [r"\frac{a}", r"\textcolor{mauve}{x}", r"\left( x"])
def test_wrong_latex_is_refused(wrong):
    with pytest.raises(FormulaError):
        formula_drawing(wrong, 17)


@pytest.mark.parametrize(
    "latex",
    [
        CHAIN.replace("{grad}", "{#C2410C}").replace("{val}", "{#0B63B0}"),
        r"\left(\frac{a}{b}\right)^2 + \sqrt{x^2 + \frac{1}{y}}",
        r"\begin{pmatrix}1 & 2\\3 & 4\end{pmatrix} x",
        r"\sum_{i=1}^{n} \hat{y}_i \overline{x} \left| \frac{a}{b} \right|",
        r"\int_0^\infty e^{-x^2} dx, \lim_{x \to 0} \frac{\sin x}{x} \in [0, 1)",
        r"\underbrace{a+b}_{c} \overbrace{d}^{e} \binom{n}{k} \{ x \mid x > 0 \}",
        r"v \leftarrow \mu v + \nabla J(\theta) \xrightarrow{f} \Vert x \Vert",
    ],
)
def test_leaving_out_the_first_pass_changes_nothing(latex, monkeypatch):
    quick = Latex(latex, size=17).svg()
    monkeypatch.setattr(Mrow, "_get_height_nostretch", formula_speed.FIRST_PASS)
    assert Latex(latex, size=17).svg() == quick


def test_the_first_pass_is_left_out_only_where_nothing_stretches(monkeypatch):
    asked = []
    monkeypatch.setattr(
        Mrow,
        "_get_height_nostretch",
        formula_speed.shortened(lambda self, line, **kwargs: asked.append(line) or (0.0, 1.0)),
    )
    Latex(r"\frac{a}{b} = (1)").svg()
    assert asked == []
    Latex(r"\left( a \right)").svg()
    assert asked


def test_the_label_follows_the_theme(qtbot):
    label = FormulaLabel(r"\textcolor{grad}{\mathbf{8}}", size_px=60)
    qtbot.addWidget(label)
    light = theme.current().grad.lower()
    assert light in colours_of(label.grab())
    theme.source().set_theme("dark")
    seen = colours_of(label.grab())
    assert theme.current().grad.lower() in seen
    assert light not in seen


def test_the_label_has_the_size_of_its_formula(qtbot):
    label = FormulaLabel("x")
    qtbot.addWidget(label)
    small = label.sizeHint()
    with qtbot.waitSignal(label.changed):
        label.set_latex(CHAIN)
    assert label.sizeHint().width() > small.width()
    label.set_latex("")
    assert label.sizeHint().isEmpty()


def test_wrong_latex_leaves_the_label_as_it_was(qtbot):
    label = FormulaLabel("x")
    qtbot.addWidget(label)
    with pytest.raises(FormulaError):
        label.set_latex(r"\textcolor{mauve}{x}")
    assert label.latex == "x"


def test_copying_gives_latex_without_colours(qtbot):
    label = FormulaLabel(r"x = \textcolor{val}{-1.5}")
    qtbot.addWidget(label)
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "x = {-1.5}"
    assert label.accessibleName() == "x = {-1.5}"
    assert formulas.plain_latex(CHAIN).count("textcolor") == 0
