"""Planes and saved points as a person chooses them, written to the document as edits."""

from dataclasses import replace

from gradviz.descent import DescentError, PlaneSpec, Point, SavedPoint, place_of
from gradviz.descent.places import Place
from gradviz.descent.slices import saved_point
from gradviz.graph import GraphError

from .race import Race
from .start import point_edit
from .words import runner_title


def choose_plane(race: Race, kind: str) -> None:
    """Look along a plane of that kind, or where it is empty along axes again."""
    before = race.settings.plane
    if not kind:
        race.set_settings("Look along axes", plane=None, ranges=None)
        return
    points = race.settings.points
    spec = PlaneSpec(
        kind,
        seed=0 if before is None else before.seed,
        around="" if before is None else before.around,
        to=points[-1].name if kind == "between" and points else "",
        runner=min(race.chosen, len(race.specs) - 1) if kind == "pca" else 0,
        origin=None if kind == "pca" or race.descent is None else start_place(race),
    )
    set_plane(race, spec)


def set_plane(race: Race, spec: PlaneSpec) -> None:
    """Look along another plane; the extent is chosen anew."""
    if spec != race.settings.plane:
        race.set_settings("Choose a plane", plane=spec, ranges=None)


def through(race: Race, name: str) -> None:
    """Have the plane go through a saved point; where none is named, through the start as it is."""
    spec = race.settings.plane
    if spec is not None and race.descent is not None:
        origin = None if name else start_place(race)
        set_plane(race, replace(spec, around=name, origin=origin))


def start_place(race: Race) -> Place:
    """Where the start is now, to be kept: a plane stays where it was laid when the start moves."""
    assert race.descent is not None, "asked only where something can be minimised"
    return place_of(race.descent.objective.start())


def point_now(race: Race) -> Point | None:
    """Where the chosen runner is at the step looked at."""
    runner = race.runner
    return None if runner is None else runner.trajectory.points[race.at(runner.trajectory)]


def fresh_name(race: Race) -> str:
    """A name that no saved point has yet: the runner's with the step."""
    runner = race.runner
    assert runner is not None, "asked only where there is a way"
    base = f"{runner_title(runner.spec)}, step {race.at(runner.trajectory)}"
    names = {p.name for p in race.settings.points}
    more = (f"{base} ({n})" for n in range(2, len(names) + 2))
    return next(n for n in (base, *more) if n not in names)


def save_point(race: Race) -> None:
    """Keep the point looked at under a name of its own."""
    point = point_now(race)
    if point is not None:
        kept = (*race.settings.points, SavedPoint(fresh_name(race), place_of(point)))
        race.set_settings("Save a point", points=kept)


def rename_point(race: Race, index: int, name: str) -> str:
    """Give a saved point another name; why that cannot be, if it cannot."""
    points, plane = list(race.settings.points), race.settings.plane
    old, name = points[index].name, name.strip()
    if name == old:
        return ""
    if not name:
        return "a saved point needs a name"
    if any(p.name == name for p in points):
        return f"another point is called '{name}'"
    points[index] = replace(points[index], name=name)
    if plane is not None:
        named = {"around": name} if plane.around == old else {}
        named |= {"to": name} if plane.to == old else {}
        plane = replace(plane, **named)
    race.set_settings("Rename a point", points=tuple(points), plane=plane)
    return ""


def remove_point(race: Race, index: int) -> str:
    """Forget a saved point; why that cannot be, if it cannot."""
    points, plane = list(race.settings.points), race.settings.plane
    name = points.pop(index).name
    if plane is not None and name in (plane.around, plane.to):
        return "the plane shown goes through it: choose another plane first"
    race.set_settings("Remove a point", points=tuple(points))
    return ""


def start_at(race: Race, index: int) -> str:
    """Start at a saved point; why that cannot be, if it cannot."""
    if race.descent is None:
        return ""
    objective, graph = race.descent.objective, race.editor.graph
    try:
        point = saved_point(objective, race.settings.points[index])
        edit = point_edit(graph, objective.start(), point)
    except (DescentError, GraphError) as problem:
        return str(problem)
    if edit.edits:
        race.editor.perform(edit, "Start at a saved point")
    return ""
