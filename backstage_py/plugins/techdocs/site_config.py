"""The keys of `mkdocs.yml` that are used; others are ignored.

Tags such as `!!python/name:materialx.emoji.twemoji` appear in the files of real sites; they are
read as null, and never run.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml
from pathspec import GitIgnoreSpec

from backstage_py.plugins.techdocs.markdown_extensions import Extensions, read_extensions

MAX_BYTES = 256 * 1024
MAX_DEPTH = 30
MAX_ALIASES = 20
MAX_ENTRIES = 5_000

_ALWAYS_EXCLUDED = (".*", "/templates/")
_INCLUDE_TAG = "!include"


class SiteConfigError(Exception):
    """A file that is not a `mkdocs.yml`; the message says what to fix."""


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry as written: its target, or the entries below it."""

    title: str = ""
    target: str = ""
    children: tuple["NavEntry", ...] = ()


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """The configuration of a documentation; `nav` is None if it is made from the files."""

    name: str = ""
    description: str = ""
    docs_dir: str = "docs"
    repo_url: str = ""
    edit_uri: str | None = None
    nav: tuple[NavEntry, ...] | None = None
    redirects: Mapping[str, str] = field(default_factory=dict[str, str])
    excluded: str = ""
    extensions: Extensions = ()

    def make_filter(self) -> Callable[[str], bool]:
        """Make a test that tells whether `exclude_docs` leaves out a file of the docs folder."""
        patterns = GitIgnoreSpec.from_lines([*_ALWAYS_EXCLUDED, *self.excluded.splitlines()])
        return patterns.match_file


def read_site_config(text: str) -> SiteConfig:
    """Read a `mkdocs.yml`; a key of the wrong type counts as missing.

    Raises:
        SiteConfigError: If it is not a YAML mapping, too large or nested too deep.
    """
    content = _load(text)
    nav = content.get("nav", content.get("pages"))
    return SiteConfig(
        name=_text(content.get("site_name")),
        description=_text(content.get("site_description")),
        docs_dir=_text(content.get("docs_dir")) or "docs",
        repo_url=_web_address(_text(content.get("repo_url"))),
        edit_uri=_text(content["edit_uri"]) if "edit_uri" in content else None,
        nav=tuple(_NavReader().read(nav)) if isinstance(nav, list) else None,
        redirects=_read_redirects(content.get("plugins")),
        excluded=_text(content.get("exclude_docs")),
        extensions=read_extensions(content.get("markdown_extensions")),
    )


class _Loader(yaml.CSafeLoader):
    """Reads unknown tags as null."""


def _construct_unknown(_loader: yaml.CSafeLoader, node: yaml.Node) -> str | None:
    is_include = node.tag == _INCLUDE_TAG and isinstance(node, yaml.ScalarNode)
    return f"{_INCLUDE_TAG} {node.value}" if is_include else None


_Loader.add_constructor(None, _construct_unknown)


def _load(text: str) -> Mapping[str, Any]:
    if len(text) > MAX_BYTES:
        raise SiteConfigError(f"it must not be larger than {MAX_BYTES} bytes")
    try:
        _check_shape(text)
        content = yaml.load(text, Loader=_Loader)  # ruff: ignore[unsafe-yaml-load]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SiteConfigError(f"it is not valid YAML: {_place(error)}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SiteConfigError("it must be a mapping, such as `site_name: My docs`")
    return content


def _check_shape(text: str) -> None:
    depth = aliases = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
        if depth > MAX_DEPTH:
            raise SiteConfigError(f"it must not be nested deeper than {MAX_DEPTH} levels")
        if aliases > MAX_ALIASES:
            raise SiteConfigError(f"it must not have more than {MAX_ALIASES} aliases")


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or type(error).__name__
    return f"{problem} (line {mark.line + 1})" if mark else str(problem)


class _NavReader:
    """Reads `nav`; entries beyond the limits of number and depth are left out."""

    def __init__(self) -> None:
        self._left = MAX_ENTRIES

    def read(self, items: list[Any], depth: int = 0) -> list[NavEntry]:
        entries: list[NavEntry] = []
        for item in islice(items, MAX_ENTRIES):
            pairs = item.items() if isinstance(item, dict) else [("", item)]
            for title, value in pairs:
                self._left -= 1
                if self._left < 0:
                    return entries
                entries += self._read_entry(_text(title), value, depth)
        return entries

    def _read_entry(self, title: str, value: Any, depth: int) -> list[NavEntry]:
        if isinstance(value, list):
            children = self.read(value, depth + 1) if depth < MAX_DEPTH else []
            return [NavEntry(title, children=tuple(children))]
        target = _text(value)
        return [NavEntry(title, target)] if target else []


def _read_redirects(plugins: Any) -> dict[str, str]:
    """The map of mkdocs-redirects; `plugins` may be a list or a mapping."""
    listed = plugins if isinstance(plugins, list) else [plugins]
    for plugin in listed:
        options = plugin.get("redirects") if isinstance(plugin, dict) else None
        maps = options.get("redirect_maps") if isinstance(options, dict) else None
        if isinstance(maps, dict):
            pairs = islice(maps.items(), MAX_ENTRIES)
            return {_text(old): _text(new) for old, new in pairs if _text(old) and _text(new)}
    return {}


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _web_address(text: str) -> str:
    return text if re.fullmatch(r"https?://[^\s\\\x00-\x1f]+", text) else ""
