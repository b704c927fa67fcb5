"""The filters of expressions: Nunjucks' built-in ones and those Backstage adds.

Source: `createDefaultFilters` of `@backstage/plugin-scaffolder-backend`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from jinja2.filters import FILTERS
from markupsafe import Markup, escape

from backstage_py.plugins.scaffolder.errors import ExpressionError

_NUNJUCKS = (
    *("abs", "batch", "capitalize", "center", "default", "d", "dictsort", "e", "escape"),
    *("first", "float", "forceescape", "groupby", "indent", "int", "join", "last", "length"),
    *("list", "lower", "random", "reject", "rejectattr", "replace", "reverse", "round", "safe"),
    *("select", "selectattr", "slice", "sort", "string", "striptags", "sum", "title", "trim"),
    *("truncate", "unique", "upper", "urlencode", "urlize", "wordcount", "map", "max", "min"),
)
MAX_INDENT = 10
"""Of JSON, as `JSON.stringify` has it."""
_REPOSITORY_KEYS = ("owner", "organization", "workspace", "project")


def parse_repo_url(url: Any) -> dict[str, str]:
    """Take apart what the field RepoUrlPicker gives: `host?owner=o&repo=r`.

    Raises:
        ExpressionError: It is something else.
    """
    parts = urlsplit(f"https://{url}" if isinstance(url, str) else "")
    host = parts.netloc + parts.path.rstrip("/")
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    if not host or not query.get("repo"):
        raise ExpressionError(
            f"parseRepoUrl: {str(url)[:80]!r} is no repository; use host?owner=name&repo=name"
        )
    found = {key: query[key] for key in _REPOSITORY_KEYS if key in query}
    return {"host": unquote(host), **found, "repo": query["repo"]}


def parse_entity_ref(ref: Any, defaults: Any = None) -> dict[str, str]:
    """Take an entity reference apart into kind, namespace and name.

    Raises:
        ExpressionError: It is none.
    """
    given = defaults if isinstance(defaults, Mapping) else {}
    if isinstance(ref, Mapping):
        parts = {**given, **ref}
        return {"namespace": "default", **{key: str(one) for key, one in parts.items()}}
    rest = ref if isinstance(ref, str) else ""
    before, colon, after = rest.partition(":")
    kind, rest = (before, after) if colon and "/" not in before else ("", rest)
    namespace, slash, name = rest.partition("/")
    namespace, name = (namespace, name) if slash else ("", rest)
    kind = kind or str(given.get("defaultKind") or "")
    namespace = namespace or str(given.get("defaultNamespace") or "default")
    if not kind or not name:
        raise ExpressionError(
            f"parseEntityRef: {str(ref)[:80]!r} is no entity reference; use kind:namespace/name"
        )
    return {"kind": kind, "namespace": namespace, "name": name}


def pick(value: Any, key: Any) -> Any:
    """Give what is under a key of an object, null where nothing is."""
    return value.get(key) if isinstance(value, Mapping) else None


def project_slug(url: Any) -> str:
    """Write a repository as `owner/repo`.

    Raises:
        ExpressionError: It has no owner.
    """
    parts = parse_repo_url(url)
    owner = next((parts[key] for key in _REPOSITORY_KEYS if parts.get(key)), "")
    if not owner:
        raise ExpressionError(f"projectSlug: {str(url)[:80]!r} names no owner; add owner=name")
    return f"{owner}/{parts['repo']}"


def dump(value: Any, indent: Any = None) -> str:
    """Write a value as JSON."""
    spaces = min(max(indent, 0), MAX_INDENT) if isinstance(indent, int) else 0
    return write_json(value, indent=spaces)


def break_lines(value: Any) -> Markup:
    """Put `<br />` before the ends of lines, as Nunjucks' `nl2br` does."""
    return Markup("<br />\n").join(escape(value).splitlines())


def write_json(value: Any, *, indent: int = 0) -> str:
    """Write a value as `JSON.stringify` does: with no spaces unless it is indented."""
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(
        value, ensure_ascii=False, indent=indent or None, separators=separators, default=_to_plain
    )


def _to_plain(value: Any) -> Any:
    if hasattr(value, "__next__") or isinstance(value, range):
        return list(value)
    return None


def list_filters() -> dict[str, Callable[..., Any]]:
    """List the filters by name; no other one of Jinja's is there."""
    return {name: FILTERS[name] for name in _NUNJUCKS} | {
        "dump": dump,
        "nl2br": break_lines,
        "parseEntityRef": parse_entity_ref,
        "parseRepoUrl": parse_repo_url,
        "pick": pick,
        "projectSlug": project_slug,
    }
