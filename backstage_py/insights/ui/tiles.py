"""A tile: a question, how its answer is shown, and which events are behind a number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from backstage_py.insights import Condition, Grain, Question
from backstage_py.insights.ui.page_query import PageQuery

Kind: TypeAlias = Literal[
    "text",
    "number",
    "share",
    "hours",
    "seconds",
    "money",
    "date",
    "entity",
    "extension",
    "person",
    "plugin",
    "path",
    "route",
    "template",
]
"""How a value is written: `path` and `entity` are links, `route` and `template` choose one.

`plugin`, `extension`, `path`, `entity` and `template` have a title where the app knows one.
"""

NUMERIC: tuple[Kind, ...] = ("number", "share", "hours", "seconds", "money")
"""The kinds that stand on the right of their column."""

Ask: TypeAlias = Callable[[Grain, PageQuery], Question]
ChartKind: TypeAlias = Literal["lines", "bars"]
Picture: TypeAlias = Literal["funnel", "runs", "cohorts"]
Pieces: TypeAlias = Callable[[Grain, PageQuery], Grain]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `is_measure` ones have a bar, and open the events behind them."""

    key: str
    title: str
    kind: Kind = "text"
    is_measure: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over time: lines or stacked bars; `unit` is what is counted.

    With `is_compared` the first line has that of the previous period behind it.
    """

    kind: ChartKind
    series: Mapping[str, str]
    unit: str
    is_compared: bool = False


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """One number of a row of figures; `less_is_better` turns what a change means."""

    key: str
    label: str
    meaning: str
    kind: Kind = "number"
    less_is_better: bool = False


def list_shown(columns: Sequence[Column], *, has_rate: bool) -> list[Column]:
    """The columns to show: money only if an hourly rate is configured."""
    return [column for column in columns if has_rate or column.kind != "money"]


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a page.

    Args:
        id: Its name, in addresses of exports and in tests.
        title: Its heading.
        says: What it shows, in a sentence.
        ask: The question, for a grain and for what the page's address says.
        columns: The columns of its table, or of the table behind its chart.
        chart: Its picture, if it has one.
        figures: Its numbers, where it is a row of figures.
        conditions: The conditions of the events that it is based on.
        drill: The field that each column's value filters by.
        empty: The text that is shown without data.
        chosen: The parameters of the page that filter the tile, each with its field.
        per: A column and the number of rows to show for each of its values.
        picture: Another picture than a chart over time.
        pieces: Its interval, if it is not the page's.
        is_wide: Whether it takes the whole row of the page.
        is_whole: Whether the numbers of all rows, also of those not shown, add up to the tile's
            events: then shares are of these, and the others have a row.
    """

    id: str
    title: str
    says: str
    ask: Ask
    columns: Sequence[Column] = ()
    chart: Chart | None = None
    figures: Sequence[FigureSpec] = ()
    conditions: Sequence[Condition] = ()
    drill: Mapping[str, str] = field(default_factory=dict[str, str])
    empty: str = "No data in this period."
    chosen: Mapping[str, str] = field(default_factory=dict[str, str])
    per: tuple[str, int] | None = None
    picture: Picture | None = None
    pieces: Pieces | None = None
    is_wide: bool = False
    is_whole: bool = False
