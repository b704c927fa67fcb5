"""The actions `roadiehq:utils:*` for files, JSON and YAML.

Source of the inputs and outputs: RoadieHQ's `scaffolder-backend-module-utils`.
"""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml

from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.actions.debug import MAX_WAIT
from backstage_py.plugins.scaffolder.errors import ActionError

MAX_TEXT_BYTES = 2 * 1024 * 1024
"""The maximum size of a file that is parsed."""
MAX_PARTS = 100_000
_YAML = frozenset({".yaml", ".yml"})


class _Loader(yaml.CSafeLoader):
    """Reads YAML 1.2: dates are strings, and so is the `on` of a workflow."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(("bool", "timestamp"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF")
)


def write_file(context: ActionContext) -> Mapping[str, Any]:
    """Write a text to a file; `preserveFormatting: false` and JSON make it readable."""
    path, content = context.text("path"), context.text("content")
    if path.endswith(".json") and not context.input.get("preserveFormatting"):
        try:
            content = json.dumps(json.loads(content), indent=2, ensure_ascii=False)
        except ValueError:
            context.warn(f"{path}: the content is not JSON, and is written as it is")
    context.workspace.write_bytes(path, content.encode())
    context.log(f"Wrote {path}")
    return {"path": path}


def append_to_file(context: ActionContext) -> Mapping[str, Any]:
    """Append a text to a file, or create the file."""
    path = context.text("path")
    before = context.workspace.read_bytes(path) if context.workspace.exists(path) else b""
    context.workspace.write_bytes(path, before + context.text("content").encode())
    context.log(f"Added to {path}")
    return {"path": path}


def parse_file(context: ActionContext) -> Mapping[str, Any]:
    """Read a file as JSON or YAML; without a parser it is a text."""
    path = context.text("path")
    text = _read_text(context, path)
    match context.text("parser"):
        case "json":
            return {"content": _parse_json(text, path)}
        case "yaml":
            return {"content": _parse_yaml(text, path)[0]}
        case "multiyaml":
            return {"content": _parse_yaml(text, path)}
        case _:
            return {"content": text}


def replace_in_files(context: ActionContext) -> Mapping[str, Any]:
    """Replace texts in files, wherever they appear."""
    changed: list[str] = []
    for one in context.input["files"]:
        if one.get("matchRegex"):
            raise ActionError("files: matchRegex is not supported here; find takes a text")
        path = one["file"]
        text = _read_text(context, path).replace(one["find"], one["replaceWith"])
        context.workspace.write_bytes(path, text.encode())
        changed.append(path)
        context.log(f"Replaced in {path}")
    return {"path": changed}


def merge_json(context: ActionContext) -> Mapping[str, Any]:
    """Merge an object into a JSON file, or create the file."""
    path = context.text("path")
    before = "{}"
    if context.workspace.exists(path):
        before = _read_text(context, path) or "{}"
    merged = _merge_content(context, _parse_json(before, path), path)
    indent = _find_indent(before) if context.input.get("matchFileIndent") else 2
    _write(context, path, f"{json.dumps(merged, indent=indent, ensure_ascii=False)}\n")
    return {"path": path}


def merge_file(context: ActionContext) -> Mapping[str, Any]:
    """Merge an object into an existing JSON or YAML file."""
    path = context.text("path")
    text = _read_text(context, path)
    match PurePosixPath(path).suffix.lower():
        case ".json":
            merged = _merge_content(context, _parse_json(text, path), path)
            written = f"{json.dumps(merged, indent=2, ensure_ascii=False)}\n"
        case suffix if suffix in _YAML:
            merged = _merge_content(context, _parse_yaml(text, path)[0], path)
            written = _dump_yaml(merged)
        case _:
            raise ActionError(f"path: {path} must end with .json, .yaml or .yml")
    _write(context, path, written)
    return {"path": path}


def serialize_json(context: ActionContext) -> Mapping[str, Any]:
    """Write data as JSON."""
    space = context.input.get("space")
    text = "" if space is None else str(space)
    indent = int(text) if text.isdigit() else text or None
    serialized = json.dumps(
        context.input["data"],
        indent=indent,
        ensure_ascii=False,
        separators=(",", ":") if indent is None else None,
    )
    return {"serialized": serialized}


def serialize_yaml(context: ActionContext) -> Mapping[str, Any]:
    """Write data as YAML."""
    return {"serialized": _dump_yaml(context.input["data"])}


def zip_folder(context: ActionContext) -> Mapping[str, Any]:
    """Pack a file or a folder of the workspace."""
    path, target = context.text("path"), context.text("outputPath")
    above = path.strip("/").removesuffix(".").rstrip("/")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in context.workspace.list_files(path):
            context.wait(0)
            name = file.path.removeprefix(f"{above}/") if above else file.path
            if file.path != target:
                archive.writestr(name, context.workspace.read_bytes(file.path))
    context.workspace.write_bytes(target, packed.getvalue())
    context.log(f"Packed {path} as {target}")
    return {"outputPath": target}


def sleep(context: ActionContext) -> None:
    """Wait; a dry run does not."""
    seconds = float(context.input["amount"])
    if not 0 <= seconds <= MAX_WAIT.total_seconds():
        raise ActionError(f"amount: must be from 0 to {MAX_WAIT.total_seconds():g} seconds")
    context.log(f"Waiting for {seconds:g} seconds")
    if not context.is_dry_run:
        context.wait(seconds)


def merge(before: Any, added: Any, *, joins_lists: bool) -> Any:
    """Merge two values as lodash's `merge` does: lists by position, or one after the other."""
    if isinstance(before, dict) and isinstance(added, Mapping):
        merged = {**before}
        for key, value in added.items():
            is_known = key in merged
            merged[key] = merge(merged[key], value, joins_lists=joins_lists) if is_known else value
        return merged
    if isinstance(before, list) and isinstance(added, list):
        if joins_lists:
            return [*before, *added]
        both = [merge(old, new, joins_lists=False) for old, new in zip(before, added, strict=False)]
        return [*both, *before[len(both) :], *added[len(both) :]]
    return added


def _merge_content(context: ActionContext, before: Any, path: str) -> Any:
    content = context.input["content"]
    added = _parse_yaml(content, "content")[0] if isinstance(content, str) else content
    if not isinstance(before, dict) or not isinstance(added, Mapping):
        raise ActionError(f"{path}: an object can only be merged into an object")
    return merge(before, added, joins_lists=bool(context.input.get("mergeArrays")))


def _write(context: ActionContext, path: str, text: str) -> None:
    context.workspace.write_bytes(path, text.encode())
    context.log(f"Merged into {path}")


def _read_text(context: ActionContext, path: str) -> str:
    data = context.workspace.read_bytes(path)
    if len(data) > MAX_TEXT_BYTES:
        raise ActionError(f"{path}: must not be larger than {MAX_TEXT_BYTES} bytes")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ActionError(f"{path}: is not a text in UTF-8") from error


def _parse_json(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ActionError(f"{path}: is not JSON: {error}") from error


def _parse_yaml(text: str, path: str) -> list[Any]:
    """All documents; at least one, which may be null."""
    try:
        documents = list(yaml.load_all(text, Loader=_Loader))
        _require_sane_size(documents)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ActionError(f"{path}: is not usable YAML: {error}") from error
    return documents or [None]


def _dump_yaml(data: Any) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def _find_indent(text: str) -> int:
    """The number of spaces of the first indentation."""
    lines = (line for line in text.splitlines() if line.startswith(" "))
    first = next(lines, "  ")
    return len(first) - len(first.lstrip(" "))


def _require_sane_size(written: Any) -> None:
    """Refuse aliases that expand without limit (the "billion laughs")."""
    waiting, seen = [written], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MAX_PARTS:
            raise ValueError(f"must not hold more than {MAX_PARTS} values, aliases included")
        if isinstance(part, Mapping):
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
