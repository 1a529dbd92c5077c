"""Make ``globe.json``: dots that cover the land, and where countries and cities lie.

    npm pack world-atlas@2 && tar xzf world-atlas-*.tgz
    python assets/globe/make_globe.py package/countries-110m.json

The outlines are Natural Earth's, public domain. Cities are our own short list (places.txt).
"""  # noqa: INP001 - a script beside its data, not a package

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
DOTS: Final = 7000  # over the whole sphere; about three in ten fall on land
SPLIT: Final = {"Fiji"}  # lies on both sides of the 180th meridian: its box is the whole world

Point = tuple[float, float]  # longitude, latitude in degrees
Ring = list[Point]


def main() -> None:
    """Read the outlines, write the dots and the places beside this file."""
    topology = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    arcs = decode_arcs(topology)
    countries = {
        shape["properties"]["name"]: rings_of(shape, arcs)
        for shape in topology["objects"]["countries"]["geometries"]
    }
    rings = [ring for name, country in countries.items() if name not in SPLIT for ring in country]
    dots = [dot for dot in even_dots() if any(inside(dot, ring) for ring in near(dot, rings))]
    places = {name.lower(): centre(max(country, key=area)) for name, country in countries.items()}
    places.update(own_places((HERE / "places.txt").read_text("utf-8")))
    text = json.dumps(
        {
            "version": 1,
            "land": [[round(x, 1), round(y, 1)] for x, y in dots],
            "places": {name: [round(x, 1), round(y, 1)] for name, (x, y) in places.items()},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    (HERE / "globe.json").write_text(text + "\n", "utf-8")


def decode_arcs(topology: dict[str, Any]) -> list[Ring]:
    """TopoJSON's delta-coded integers as degrees."""
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            ring.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(ring)
    return arcs


def rings_of(shape: dict[str, Any], arcs: list[Ring]) -> list[Ring]:
    """The outer rings of a country."""
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return [
        [
            point
            for index in polygon[0]
            for point in (arcs[index] if index >= 0 else arcs[~index][::-1])
        ]
        for polygon in polygons
    ]


def even_dots() -> Iterator[Point]:
    """A Fibonacci lattice: dots at even distances all over the sphere."""
    golden = math.pi * (3 - math.sqrt(5))
    for index in range(DOTS):
        latitude = math.degrees(math.asin(1 - 2 * (index + 0.5) / DOTS))
        yield (math.degrees(index * golden) + 180) % 360 - 180, latitude


def near(dot: Point, rings: list[Ring]) -> Iterator[Ring]:
    """The rings whose box holds the dot."""
    for ring in rings:
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        if min(xs) <= dot[0] <= max(xs) and min(ys) <= dot[1] <= max(ys):
            yield ring


def inside(dot: Point, ring: Ring) -> bool:
    """Whether a ray from the dot crosses the ring an odd number of times."""
    x, y = dot
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def area(ring: Ring) -> float:
    """Twice the ring's area in square degrees, good enough to find a country's main part."""
    return abs(
        sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True))
    )


def centre(ring: Ring) -> Point:
    """The middle of a ring's corners."""
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


def own_places(text: str) -> dict[str, Point]:
    """The places of our own list: ``longitude latitude name, other name``."""
    places = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            longitude, latitude, names = line.split(maxsplit=2)
            for name in names.split(","):
                places[name.strip()] = (float(longitude), float(latitude))
    return places


if __name__ == "__main__":
    main()
