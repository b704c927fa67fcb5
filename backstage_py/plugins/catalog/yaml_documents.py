"""YAML text to plain JSON-like values, with the line of every field.

Reads YAML 1.2 as Backstage's parser does: dates stay text, `<<` merges. Documents are read one by
one, so a broken one does not take its neighbours along, and a hostile one is stopped: aliases may
not expand without bound (the "billion laughs"), nesting has a limit, no tag makes an object.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from backstage_py.plugins.catalog.errors import DescriptorError, ProcessingError, show_value

MAX_NODES = 200_000
MAX_DEPTH = 100

_DOCUMENT_START = re.compile(r"^(?:%.*\n)*---(?=\s|$)", re.MULTILINE)
_TAG_PREFIX = "tag:yaml.org,2002:"
_TEXT_TAGS = {"str", "timestamp", "merge", "value"}


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
    """Give each document of a file, or what is wrong with it; empty documents are left out."""
    starts = [0, *(match.start() for match in _DOCUMENT_START.finditer(text))]
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
        node = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        raise _nested_too_deep(first_line) from None
    except MarkedYAMLError as error:
        raise _syntax_error(error, text, first_line) from error
    except YAMLError as error:
        raise _refuse(f"must be valid YAML: {str(error).splitlines()[0]}", first_line) from error
    if node is None or node.tag == f"{_TAG_PREFIX}null":
        return None
    builder = _Builder(first_line)
    return YamlDocument(builder.build(node, "", 0), builder.lines)


def _syntax_error(error: MarkedYAMLError, text: str, first_line: int) -> DescriptorError:
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    index = min(mark.line if mark else 0, len(lines) - 1)
    rule = f"must be valid YAML: {error.problem}"
    return _refuse(rule, first_line + index, value=show_value(lines[index]))


@dataclass(slots=True)
class _Builder:
    """Makes the value of one document and counts what it makes."""

    first_line: int
    lines: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def build(self, node: Node, path: str, depth: int) -> Any:
        line = self.first_line + node.start_mark.line
        self.lines.setdefault(path, line)
        self.count += 1
        if self.count > MAX_NODES:
            raise _refuse(f"must not hold more than {MAX_NODES} values, aliases expanded", line)
        if depth > MAX_DEPTH:
            raise _nested_too_deep(line)
        match node:
            case MappingNode():
                return self._build_mapping(node, path, depth)
            case SequenceNode():
                return [
                    self.build(item, f"{path}[{index}]", depth + 1)
                    for index, item in enumerate(node.value)
                ]
            case _:
                return _build_scalar(node, path, line)

    def _build_mapping(self, node: MappingNode, path: str, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = self.first_line + key_node.start_mark.line
            key = _build_key(key_node, path, line)
            key_path = f"{path}.{key}" if path else key
            if key in mapping:
                raise _refuse("a key may be written only once", line, key_path, show_value(key))
            self.lines[key_path] = line
            value = self.build(value_node, key_path, depth + 1)
            if key_node.tag == f"{_TAG_PREFIX}merge":
                merged |= _merge(value, key_path, line)
            else:
                mapping[key] = value
        return {**merged, **mapping}


def _merge(value: Any, path: str, line: int) -> dict[str, Any]:
    """Join the mappings that `<<` names; the first that has a key wins."""
    sources = value if isinstance(value, list) else [value]
    merged: dict[str, Any] = {}
    for source in sources:
        if not isinstance(source, dict):
            raise _refuse("<< must name a mapping", line, path, show_value(source))
        merged = {**source, **merged}
    return merged


def _build_key(node: Node, path: str, line: int) -> str:
    if not isinstance(node, ScalarNode):
        raise _refuse("a key must be a plain string", line, path)
    try:
        return _refuse_surrogates(node.value)
    except ValueError as error:
        raise _refuse("a key must be valid Unicode", line, path, show_value(node.value)) from error


def _build_scalar(node: Node, path: str, line: int) -> Any:
    tag = str(node.tag).removeprefix(_TAG_PREFIX)
    text = node.value
    try:
        value = _read_scalar(tag, text)
    except ValueError as error:
        rule = f"must be a value that JSON can hold, not {node.tag}"
        raise _refuse(rule, line, path, show_value(text)) from error
    return value


def _read_scalar(tag: str, text: str) -> Any:
    if tag in _TEXT_TAGS:
        return _refuse_surrogates(text)
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int":
        return int(text, 0) if text[:2].lower() in {"0o", "0x", "0b"} else int(text)
    if tag == "float" and math.isfinite(float(text)):
        return float(text)
    raise ValueError(tag)


def _refuse_surrogates(text: str) -> str:
    """Pass a text on, or raise the ValueError of encoding it: YAML may escape half a character."""
    text.encode()
    return text


def _nested_too_deep(line: int) -> DescriptorError:
    return _refuse(f"must not be nested more than {MAX_DEPTH} levels deep", line)


def _refuse(rule: str, line: int, path: str = "", value: str = "") -> DescriptorError:
    return DescriptorError(ProcessingError(rule, path, value, line=line))
