"""The lines of a chart as points of SVG, for where no chart library is loaded."""

from collections.abc import Mapping, Sequence
from typing import Any

from backstage_py.insights.ui.rows import RUNNING

WIDTH, HEIGHT = 600, 120
_EDGE = 4


def draw(points: Sequence[Mapping[str, Any]], series: int, top: float) -> list[str]:
    """The `points` attribute of a polyline for each series; empty for one without numbers.

    Args:
        points: What a chart draws, with the keys s0, s1 and so on.
        series: The number of series.
        top: The number at the upper edge.
    """
    return [_line(points, f"s{index}", top or 1) for index in range(series)]


def _line(points: Sequence[Mapping[str, Any]], key: str, top: float) -> str:
    step = WIDTH / max(1, len(points) - 1)
    found = [
        (index * step, HEIGHT - _EDGE - value / top * (HEIGHT - 2 * _EDGE))
        for index, point in enumerate(points)
        if isinstance(value := _value(point, key), int | float)
    ]
    if len(found) == 1:
        found.append((WIDTH, found[0][1]))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in found)


def _value(point: Mapping[str, Any], key: str) -> Any:
    """The number of a whole piece of time, else of one that is not over yet."""
    value = point.get(key)
    return point.get(key + RUNNING) if value is None else value
