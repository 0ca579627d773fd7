"""The samples that are functions of two numbers, by which optimizers are commonly tested."""

from __future__ import annotations

from sample import Sample, parameter, scalars

XY = scalars("x", "y")
SURVEY = (
    "M. Jamil and X.-S. Yang, A literature survey of benchmark functions for global optimisation "
    "problems, International Journal of Mathematical Modelling and Numerical Optimisation 4 (2013)"
)
TURN = "6.283185307"


def square(reach: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The extent from `-reach` to `reach` both ways."""
    return ((-reach, reach), (-reach, reach))


def start(x: float, y: float, reach: float, step: float = 0.01) -> str:
    """Lines for x and y with sliders."""
    return parameter("x", x, reach, step) + parameter("y", y, reach, step)


FUNCTIONS: dict[str, Sample] = {
    "ill_conditioned_bowl": Sample(
        "A bowl fifty times as steep one way",
        "Across, the bowl curves fifty times as much as along, so the rate that suits one way is "
        "too large or too small for the other. Plain descent zigzags between the walls, and "
        "momentum adds up what the steps have in common.",
        start(-2.8, 0.6, 3.0) + "J = 0.5 * x**2 + 25 * y**2",
        XY, ("SGD lr=0.038", "SGD lr=0.03 momentum=0.8", "Adam lr=0.1"),
        ((-3.0, 3.0), (-1.0, 1.0)), 100,
        minima=((0.0, 0.0),), lowest=0.0,
        source="A quadratic of condition number 50, as in G. Goh, Why momentum really works, "
        "Distill (2017)",
    ),
    "monkey_saddle": Sample(
        "The monkey saddle",
        "At the middle both the slope and the curvature are zero, and three valleys leave it: "
        "two for the legs and one for the tail. Drag the start around the middle and see which "
        "valley each runner takes.",
        start(0.6, 0.4, 2.0) + "J = x**3 - 3 * x * y**2",
        XY, ("SGD lr=0.02", "SGD lr=0.01 momentum=0.5", "Adam lr=0.05"), square(1.5), 30,
        source="D. Hilbert and S. Cohn-Vossen, Anschauliche Geometrie (1932)",
    ),
    "beale": Sample(
        "Beale's sharp corners",
        "Four steep corners surround flat country, and the lowest place lies in a curved valley "
        "at (3, 0.5). A rate that suits the valley is far too large for the corners: start "
        "further out and watch plain descent be thrown away.",
        start(1.0, 1.0, 4.5)
        + "J = (1.5 - x + x * y)**2 + (2.25 - x + x * y**2)**2 + (2.625 - x + x * y**3)**2",
        XY, ("SGD lr=0.01", "SGD lr=0.005 momentum=0.9", "Adam lr=0.1"), square(4.5), 300,
        minima=((3.0, 0.5),), lowest=0.0,
        source="E. M. L. Beale, On an iterative method for finding a local minimum of a function "
        "of more than one variable, Princeton University (1958)",
    ),
    "booth": Sample(
        "Booth's slanted bowl",
        "Two straight lines cross at (1, 3), and J adds up how far a point is from satisfying "
        "each, squared. It is a bowl that lies aslant, so each slope depends on both x and y.",
        start(-5.0, 6.0, 10.0) + "J = (x + 2 * y - 7)**2 + (2 * x + y - 5)**2",
        XY, ("SGD lr=0.08", "SGD lr=0.05 momentum=0.5", "Adam lr=0.5"), square(10.0), 60,
        minima=((1.0, 3.0),), lowest=0.0, source=SURVEY,
    ),
    "goldstein_price": Sample(
        "Goldstein and Price's four valleys",
        "J rises from 3 to a million within a few steps, so its contours are drawn by decades. "
        "Of its four valleys only the one at (0, −1) is the lowest, and a start at the upper "
        "right finds another.",
        start(1.0, -0.6, 2.0)
        + "J = (1 + (x + y + 1)**2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)) "
        "* (30 + (2 * x - 3 * y)**2 "
        "* (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2))",
        XY, ("SGD lr=0.00005", "SGD lr=0.00005 momentum=0.9", "Adam lr=0.05"), square(2.0), 300,
        minima=((0.0, -1.0),), lowest=3.0,
        source="A. A. Goldstein and J. F. Price, On descent from local minima, Mathematics of "
        "Computation 25 (1971)",
    ),
    "rastrigin": Sample(
        "Rastrigin's egg tray",
        "A wide bowl is covered with hollows a unit apart, and each of them holds a runner that "
        "only follows the slope. Raise the momentum or the rate and see who rolls on to a "
        "deeper one.",
        start(2.3, -1.7, 5.12)
        + f"J = 20 + x**2 - 10 * cos({TURN} * x) + y**2 - 10 * cos({TURN} * y)",
        XY, ("SGD lr=0.002", "SGD lr=0.004 momentum=0.95", "Adam lr=0.3"), square(5.12), 100,
        minima=((0.0, 0.0),), lowest=0.0,
        source="L. A. Rastrigin, Systems of extremal control, Nauka (1974)",
    ),
    "ackley": Sample(
        "Ackley's funnel",
        "Far out the land is nearly flat with ripples, and in the middle a steep funnel leads to "
        "the only lowest place. The slope does not fade on the way to the point of the funnel, so "
        "a fixed rate steps to and fro across it.",
        start(2.6, 1.7, 5.0)
        + "J = 22.718281828 - 20 * exp(-0.2 * sqrt(0.5 * (x**2 + y**2))) "
        f"- exp(0.5 * (cos({TURN} * x) + cos({TURN} * y)))",
        XY, ("SGD lr=0.02", "SGD lr=0.02 momentum=0.9", "Adam lr=0.2"), square(5.0), 150,
        minima=((0.0, 0.0),), lowest=0.0,
        source="D. H. Ackley, A connectionist machine for genetic hillclimbing, Kluwer (1987)",
    ),
    "styblinski_tang": Sample(
        "Styblinski and Tang's four hollows",
        "Each coordinate alone has a deeper hollow at about −2.9 and a shallower one at 2.7, so "
        "together there are four. Only a start on the right side of both ridges finds the lowest.",
        start(-0.5, -4.5, 5.0)
        + "J = 0.5 * (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y)",
        XY, ("SGD lr=0.01", "SGD lr=0.01 momentum=0.5", "Adam lr=0.2"), square(5.0), 80,
        minima=((-2.90353403, -2.90353403),), lowest=-78.3323314,
        source="M. A. Styblinski and T.-S. Tang, Experiments in nonconvex optimization: "
        "stochastic approximation with function smoothing and simulated annealing, Neural "
        "Networks 3 (1990)",
    ),
    "mccormick": Sample(
        "McCormick's tilted wave",
        "A wave along x + y is tilted and pressed into a trough where x and y differ. The hollow "
        "at (−0.547, −1.547) is the lowest in the picture, and further down the trough others "
        "follow that are lower still.",
        start(1.0, -2.8, 4.0) + "J = sin(x + y) + (x - y)**2 - 1.5 * x + 2.5 * y + 1",
        XY, ("SGD lr=0.1", "SGD lr=0.1 momentum=0.5", "Adam lr=0.2"), ((-1.5, 4.0), (-3.0, 4.0)),
        80,
        minima=((-0.54719755, -1.54719755),), lowest=-1.91322295,
        source="G. P. McCormick, Computability of global solutions to factorable nonconvex "
        "programs, Mathematical Programming 10 (1976)",
    ),
    "three_hump_camel": Sample(
        "The three-hump camel",
        "Three hollows lie in a row, and the one in the middle is the lowest. Momentum decides "
        "whether a runner from the side stays in the first or reaches the middle.",
        start(-2.1, 0.5, 5.0)
        + "J = 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2",
        XY, ("SGD lr=0.05", "SGD lr=0.03 momentum=0.9", "Adam lr=0.2"), square(2.5), 100,
        minima=((0.0, 0.0),), lowest=0.0,
        source="L. C. W. Dixon and G. P. Szegő, Towards global optimisation 2, North-Holland "
        "(1978)",
    ),
    "six_hump_camel": Sample(
        "The six-hump camel",
        "Six hollows lie in pairs, since turning the picture by half a turn changes nothing. Two "
        "of them are the lowest, at (0.09, −0.71) and (−0.09, 0.71).",
        start(0.9, 1.1, 3.0)
        + "J = (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (-4 + 4 * y**2) * y**2",
        XY, ("SGD lr=0.02", "SGD lr=0.02 momentum=0.8", "Adam lr=0.1"),
        ((-2.0, 2.0), (-1.2, 1.2)), 100,
        minima=((0.08984201, -0.71265640), (-0.08984201, 0.71265640)), lowest=-1.03162845,
        source="L. C. W. Dixon and G. P. Szegő, Towards global optimisation 2, North-Holland "
        "(1978)",
    ),
    "easom": Sample(
        "Easom's hole in a plain",
        "All is flat but for one narrow hole at (π, π), and on the plain the slope is almost "
        "nothing. Move the start away from the hole and see even Adam, which divides the slope by "
        "its own size, lose its way.",
        start(1.9, 4.0, 10.0)
        + "J = -cos(x) * cos(y) * exp(-(x - 3.14159265)**2 - (y - 3.14159265)**2)",
        XY, ("SGD lr=0.3", "SGD lr=0.2 momentum=0.9", "Adam lr=0.1"), ((0.0, 6.0), (0.0, 6.0)),
        150,
        minima=((3.14159265, 3.14159265),), lowest=-1.0,
        source="E. E. Easom, A survey of global optimization techniques, thesis, University of "
        "Louisville (1990)",
    ),
    "eggholder": Sample(
        "The egg holder",
        "Long curved ridges leave hundreds of hollows, and the lowest place of the square lies at "
        "its edge (512, 404.2), beyond which J falls further. A runner that follows the slope "
        "stays in the hollow it starts in.",
        start(480.0, 425.0, 512.0, 1.0)
        + "J = -(y + 47) * sin(sqrt(abs(x / 2 + (y + 47)))) - x * sin(sqrt(abs(x - (y + 47))))",
        XY, ("SGD lr=0.5", "SGD lr=0.3 momentum=0.9", "Adam lr=5"), square(512.0), 100,
        minima=((512.0, 404.231805),), lowest=-959.640663,
        source="D. Whitley and others, Evaluating evolutionary algorithms, Artificial "
        "Intelligence 85 (1996)",
    ),
    "cliff": Sample(
        "A plateau that ends in a cliff",
        "On the plateau the slope asks for a large rate, and at the cliff that rate throws the "
        "runner far over the hollow, to creep back. Clipping the gradient, as the second runner "
        "does, keeps the step short where the slope is steep.",
        start(-2.6, 0.8, 3.0)
        + "J = sigmoid(-10 * x) + 0.02 * x**2 + 0.05 * y**2",
        XY, ("SGD lr=5", "SGD lr=5 clip_norm=0.2", "Adam lr=0.1"), ((-3.0, 3.0), (-2.0, 2.0)), 100,
        minima=((0.60235352, 0.0),), lowest=0.00967184311,
        source="After the cliffs in I. Goodfellow, Y. Bengio and A. Courville, Deep learning, "
        "MIT Press (2016), section 8.2.4",
    ),
}  # fmt: skip
