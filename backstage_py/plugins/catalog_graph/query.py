"""The query of the page, in its address.

The names are those of `useCatalogGraphPage` of `@backstage/plugin-catalog-graph`; lists are
written with brackets (`rootEntityRefs[]=...`), and defaults are left out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from backstage_py.plugins.catalog.api import EntityRef
from backstage_py.plugins.catalog_graph.graph import GraphOptions
from backstage_py.plugins.catalog_graph.routes import CATALOG_GRAPH

DIRECTIONS = {
    "LR": "Left to right",
    "RL": "Right to left",
    "TB": "Top to bottom",
    "BT": "Bottom to top",
}
FIRST_DEPTH = 1
"""The default depth; Backstage shows everything, which is hard to read."""
CURVES = {"curveMonotoneX": "Smooth", "curveStepBefore": "Stepped"}

_Value = TypeVar("_Value")

_SWITCHES = {"true": True, "false": False}
_INFINITE = ("", "∞")
_FROM_ONE_UP = re.compile(r"0*[1-9][0-9]{0,8}")
_LIST_INDEX = re.compile(r"\[\d*\]$")


@dataclass(frozen=True, slots=True)
class GraphQuery:
    """The root entities, the filters, and the layout."""

    roots: tuple[EntityRef, ...] = ()
    options: GraphOptions = field(default_factory=lambda: GraphOptions(max_depth=FIRST_DEPTH))
    direction: str = "LR"
    curve: str = "curveMonotoneX"

    @property
    def address(self) -> str:
        """The path and query of the page that shows it."""
        return f"{CATALOG_GRAPH.path}?{self.to_address()}".rstrip("?")

    def to_address(self) -> str:
        """Write the query of an address."""
        options = self.options
        is_first = options.max_depth == FIRST_DEPTH
        values = {
            "rootEntityRefs[]": [str(root) for root in self.roots],
            "maxDepth": [_write_depth(options.max_depth)] if self.roots or not is_first else [],
            "selectedKinds[]": options.kinds,
            "selectedRelations[]": options.relations,
            "unidirectional": [] if options.unidirectional else ["false"],
            "mergeRelations": [] if options.merge_relations else ["false"],
            "direction": [] if self.direction == "LR" else [self.direction],
            "curve": [] if self.curve == "curveMonotoneX" else [self.curve],
        }
        return urlencode(values, doseq=True, safe="[]:/")

    def with_roots(self, *roots: EntityRef) -> "GraphQuery":
        """The same view with other roots."""
        return replace(self, roots=roots)

    def with_options(self, **options: Any) -> "GraphQuery":
        """The same roots with other options."""
        return replace(self, options=replace(self.options, **options))


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The query of an address, and the errors in it, which are ignored."""

    query: GraphQuery
    problems: tuple[str, ...] = ()


def parse_query(text: str) -> ParsedQuery:
    """Read the query of an address, with or without its question mark."""
    values: dict[str, list[str]] = {}
    for key, value in parse_qsl(text.removeprefix("?"), keep_blank_values=True):
        values.setdefault(_LIST_INDEX.sub("", key), []).append(value)
    reader = _Reader(values)
    query = GraphQuery(
        roots=reader.read_roots("rootEntityRefs"),
        options=GraphOptions(
            max_depth=reader.read_depth("maxDepth"),
            kinds=tuple(kind.lower() for kind in reader.read_list("selectedKinds")),
            relations=reader.read_list("selectedRelations"),
            unidirectional=reader.read_choice("unidirectional", _SWITCHES, default="true"),
            merge_relations=reader.read_choice("mergeRelations", _SWITCHES, default="true"),
        ),
        direction=reader.read_choice("direction", {each: each for each in DIRECTIONS}),
        curve=reader.read_choice("curve", {each: each for each in CURVES}),
    )
    return ParsedQuery(query, tuple(reader.problems))


def parse_depth(text: str) -> int | None:
    """Parse a depth; empty or `∞` means infinite.

    Raises:
        ValueError: If it is not a whole number from 1 up; the message says so.
    """
    text = text.strip()
    if text in _INFINITE:
        return None
    if not _FROM_ONE_UP.fullmatch(text):
        raise ValueError(
            f"maxDepth is {text!r}: use a whole number from 1 up, or nothing for infinite"
        )
    return int(text)


class _Reader:
    """Parses the fields one by one, and collects errors."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = values
        self.problems: list[str] = []

    def read_list(self, name: str) -> tuple[str, ...]:
        return _unique(value for value in self._values.get(name, ()) if value)

    def read_roots(self, name: str) -> tuple[EntityRef, ...]:
        roots: dict[str, EntityRef] = {}
        for text in self.read_list(name):
            try:
                root = EntityRef.parse(text)
            except ValueError as error:
                self.problems.append(f"{name}: {error}")
            else:
                roots.setdefault(str(root), root)
        return tuple(roots.values())

    def read_depth(self, name: str) -> int | None:
        try:
            return parse_depth(self._last(name, str(FIRST_DEPTH)))
        except ValueError as error:
            self.problems.append(str(error))
            return FIRST_DEPTH

    def read_choice(self, name: str, choices: Mapping[str, _Value], default: str = "") -> _Value:
        default = default or next(iter(choices))
        text = self._last(name, default)
        if text not in choices:
            self.problems.append(f"{name} is {text!r}: use one of {', '.join(choices)}")
            return choices[default]
        return choices[text]

    def _last(self, name: str, default: str) -> str:
        return self._values.get(name, [default])[-1]


def _write_depth(depth: int | None) -> str:
    return _INFINITE[-1] if depth is None else str(depth)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
