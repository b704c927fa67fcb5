"""Parses YAML into plain JSON-like values, with the line of every field.

Reads YAML 1.2 as Backstage's parser does: dates stay text, a tag that it does not know is ignored,
a key that is a list or a mapping becomes its text, and infinity is null, as in JSON. Two things are
friendlier: `<<` merges, and a document with a syntax error does not take the next one along.
A hostile document is stopped: aliases may not expand without bound (the "billion laughs"), nesting
has a limit, no tag makes an object. The text is parsed by libyaml event by event, since its own
tree builder is recursive in C and a deep document would end the process.
"""

import base64
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from backstage_py.plugins.catalog.errors import DescriptorError, ProcessingError, show_value

MAX_NODES = 200_000
MAX_DEPTH = 100
_MAX_DIGITS = 308

_DOCUMENT_START = re.compile(r"^(?:%.*\n)*---(?=\s|$)", re.MULTILINE)
_DOCUMENT_END = re.compile(r"^\.\.\.(?=\s|$).*\n?", re.MULTILINE)
_HIDDEN_BASE = 0xF0000
_HIDDEN = {
    code: _HIDDEN_BASE + code
    for code in (
        *range(0x01, 0x09),
        0x0B,
        0x0C,
        *range(0x0E, 0x20),
        *range(0x7F, 0xA0),
        0x2028,
        0x2029,
    )
}
"""Characters that libyaml, unlike YAML 1.2, refuses or takes for the end of a line."""
_SHOWN = {hidden: code for code, hidden in {**_HIDDEN, 0x0D: _HIDDEN_BASE + 0x0D}.items()}
_LONE_RETURN = re.compile(r"\r(?!\n)")
_TAG_PREFIX = "tag:yaml.org,2002:"
_MERGE = "merge"

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_BOOL_OF_1_1 = re.compile(r"y|yes|on|true|n|no|off|false", re.IGNORECASE)
_TRUE = frozenset({"y", "yes", "on", "true"})
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
"""The core schema of YAML 1.2, section 10.3.2."""


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A value of mappings, lists and scalars; `lines` maps a field such as `spec.targets[0]`."""

    value: Any
    lines: Mapping[str, int]

    def find_line(self, path: str) -> int | None:
        """Find the line of a field, or of the nearest one around it that is there."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path)


def parse_documents(text: str) -> Iterator[YamlDocument | ProcessingError]:
    """Yield each document of a file, or its error; empty documents are left out."""
    text = _LONE_RETURN.sub(chr(_HIDDEN_BASE + 0x0D), text.translate(_HIDDEN))
    ends = (match.end() for match in _DOCUMENT_END.finditer(text))
    starts = sorted({0, *(match.start() for match in _DOCUMENT_START.finditer(text)), *ends})
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        first_line = text.count("\n", 0, start) + 1
        try:
            document = _parse_document(text[start:end], first_line)
        except DescriptorError as error:
            yield error.error
        else:
            if document is not None:
                yield document


def _parse_document(text: str, first_line: int) -> YamlDocument | None:
    try:
        root = _compose(text, first_line)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, text, first_line) from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise _refuse(f"must be valid YAML: {str(error).splitlines()[0]}", first_line) from error
    if root is None or root.tag == "null":
        return None
    builder = _Builder(text)
    return YamlDocument(builder.build(root, "", 0), builder.lines)


def _syntax_error(error: yaml.MarkedYAMLError, text: str, first_line: int) -> DescriptorError:
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines() or [""]
    index = min(mark.line if mark else 0, len(lines) - 1)
    rule = f"must be valid YAML: {error.problem}"
    return _refuse(rule, first_line + index, value=show_value(lines[index]))


@dataclass(slots=True)
class _Node:
    """A scalar (`content` is its text), a list of nodes, or a list of pairs of nodes.

    `start` and `end` are its position in the source.
    """

    tag: str
    line: int
    content: Any
    start: int = 0
    end: int = 0


def _compose(text: str, first_line: int) -> _Node | None:
    """Build the node tree of one document; an alias becomes the node that it names."""
    anchors: dict[str, _Node] = {}
    open_nodes: list[_Node] = []
    root: _Node | None = None
    is_1_1 = False
    for event in yaml.parse(text, Loader=yaml.CLoader):
        if isinstance(event, DocumentStartEvent):
            is_1_1 = event.version == (1, 1)
        elif isinstance(event, SequenceEndEvent | MappingEndEvent):
            open_nodes.pop().end = event.end_mark.index if event.end_mark else 0
        elif isinstance(event, NodeEvent):
            node = _start_node(event, first_line, anchors, is_1_1=is_1_1)
            if open_nodes:
                open_nodes[-1].content.append(node)
            else:
                root = node
            if isinstance(event, SequenceStartEvent | MappingStartEvent):
                open_nodes.append(node)
            if len(open_nodes) > MAX_DEPTH + 1:
                raise _nested_too_deep(node.line)
    return root


def _start_node(event: Event, first_line: int, anchors: dict[str, _Node], *, is_1_1: bool) -> _Node:
    line = first_line + (event.start_mark.line if event.start_mark else 0)
    match event:
        case AliasEvent():
            if event.anchor not in anchors:
                rule = f"must be valid YAML: undefined alias {event.anchor}"
                raise _refuse(rule, line, value=show_value(f"*{event.anchor}"))
            return anchors[event.anchor]
        case ScalarEvent():
            node = _Node(_find_tag(event, is_1_1=is_1_1), line, event.value)
        case MappingStartEvent():
            node = _Node("set" if event.tag == f"{_TAG_PREFIX}set" else "map", line, [])
        case _:
            node = _Node("seq", line, [])
    node.start = event.start_mark.index if event.start_mark else 0
    if isinstance(event, NodeEvent) and event.anchor:
        anchors[event.anchor] = node
    return node


def _find_tag(event: ScalarEvent, *, is_1_1: bool) -> str:
    if event.tag and event.tag != "!":
        return event.tag.removeprefix(_TAG_PREFIX)
    if not event.implicit[0]:
        return "str"
    text = event.value
    if text == "<<":
        return _MERGE
    if is_1_1 and _BOOL_OF_1_1.fullmatch(text):
        return "bool"
    for tag, pattern in (("null", _NULL), ("bool", _BOOL), ("int", _INT), ("float", _FLOAT)):
        if pattern.fullmatch(text):
            return tag
    return "str"


@dataclass(slots=True)
class _Builder:
    """Builds the value of one document and counts its nodes."""

    source: str
    lines: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def build(self, node: _Node, path: str, depth: int) -> Any:
        self.lines.setdefault(path, node.line)
        self.count += 1
        if self.count > MAX_NODES:
            rule = f"must not hold more than {MAX_NODES} values, aliases expanded"
            raise _refuse(rule, node.line)
        if depth > MAX_DEPTH:
            raise _nested_too_deep(node.line)
        match node.tag, node.content:
            case "map", list():
                return self._build_mapping(node, path, depth)
            case "set", _:
                return {}  # the JSON form of a set
            case _, list():
                return [
                    self.build(item, f"{path}[{index}]", depth + 1)
                    for index, item in enumerate(node.content)
                ]
            case _:
                return _build_scalar(node)

    def _build_mapping(self, node: _Node, path: str, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        keys, values = node.content[::2], node.content[1::2]
        for key_node, value_node in zip(keys, values, strict=True):
            line = key_node.line
            key = self._build_key(key_node)
            key_path = f"{path}.{key}" if path else key
            if key in mapping:
                raise _refuse("a key may be written only once", line, key_path, show_value(key))
            self.lines[key_path] = line
            value = self.build(value_node, key_path, depth + 1)
            if key_node.tag == _MERGE:
                merged |= _merge(value, key_path, line)
            else:
                mapping[key] = value
        return {**merged, **mapping}

    def _build_key(self, node: _Node) -> str:
        """A key as text; a list or a mapping as it is written, in one line."""
        if isinstance(node.content, str):
            return node.content.translate(_SHOWN)
        return " ".join(self.source[node.start : node.end].translate(_SHOWN).split())


def _merge(value: Any, path: str, line: int) -> dict[str, Any]:
    """Join the mappings that `<<` names; the first that has a key wins."""
    sources = value if isinstance(value, list) else [value]
    merged: dict[str, Any] = {}
    for source in sources:
        if not isinstance(source, dict):
            raise _refuse("<< must name a mapping", line, path, show_value(source))
        merged = {**source, **merged}
    return merged


def _build_scalar(node: _Node) -> Any:
    text = node.content.translate(_SHOWN)
    match node.tag:
        case "null":
            return None
        case "bool":
            return text.lower() in _TRUE
        case "int" if _INT.fullmatch(text):
            return _read_integer(text)
        case "float" if _FLOAT.fullmatch(text):
            number = float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
            return number if math.isfinite(number) else None
        case "binary":
            return {"type": "Buffer", "data": list(_decode_base64(text))}
        case _:
            return text


def _read_integer(text: str) -> int | None:
    if len(text) > _MAX_DIGITS:
        return None  # infinite in JavaScript
    return int(text, 0) if text[:2].lower() in {"0o", "0x"} else int(text)


def _decode_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def _nested_too_deep(line: int) -> DescriptorError:
    return _refuse(f"must not be nested more than {MAX_DEPTH} levels deep", line)


def _refuse(rule: str, line: int, path: str = "", value: str = "") -> DescriptorError:
    return DescriptorError(ProcessingError(rule, path, value, line=line))
