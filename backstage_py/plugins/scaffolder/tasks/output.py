"""The output of a template: links, texts, and its other values."""

import re
from collections.abc import Mapping
from typing import Any

from backstage_py.plugins.scaffolder.expressions.renderer import MISSING
from backstage_py.plugins.scaffolder.tasks.task import OutputLink, OutputText, TaskOutput

_LINKS, _TEXTS = "links", "text"
_ADDRESSES = ("https://", "http://", "/")


def read_output(rendered: Any) -> TaskOutput:
    """Read a rendered output; links that do not lead to a page are left out."""
    if not isinstance(rendered, Mapping):
        return TaskOutput()
    links = (_read_link(one) for one in _list_objects(rendered.get(_LINKS)))
    return TaskOutput(
        links=tuple(link for link in links if link.url or link.entity_ref),
        texts=tuple(_read_text(one) for one in _list_objects(rendered.get(_TEXTS))),
        others={key: one for key, one in rendered.items() if key not in {_LINKS, _TEXTS}},
    )


def write_output(output: TaskOutput) -> dict[str, Any]:
    """Write an output in the form of Backstage's API."""
    links = [
        {"title": one.title, "url": one.url, "entityRef": one.entity_ref, "icon": one.icon}
        for one in output.links
    ]
    texts = [{"title": one.title, "content": one.content, "icon": one.icon} for one in output.texts]
    named = {_LINKS: list(map(_without_empty, links)), _TEXTS: list(map(_without_empty, texts))}
    return {**output.others, **{key: value for key, value in named.items() if value}}


def is_true(value: Any) -> bool:
    """Whether a rendered condition is true: false for false, null, "", 0 and an empty list.

    Source: `isTruthy` of `@backstage/plugin-scaffolder-backend`.
    """
    return value is not MISSING and (bool(value) or isinstance(value, Mapping))


def _list_objects(items: Any) -> list[Mapping[str, Any]]:
    given = items if isinstance(items, list) else []
    return [one for one in given if isinstance(one, Mapping)]


_OTHER_HOST = re.compile(r"[/\\\t\r\n]*[/\\][\t\r\n]*[/\\]")
"""How a path begins that browsers take for another host: they read `\\` as `/`, and skip tabs and
line ends. Source: the URL standard of WHATWG."""


def _read_link(one: Mapping[str, Any]) -> OutputLink:
    url = _string(one.get("url"))
    is_address = url.lower().startswith(_ADDRESSES) and not _OTHER_HOST.match(url)
    return OutputLink(
        title=_string(one.get("title")) or url or _string(one.get("entityRef")),
        url=url if is_address else "",
        entity_ref=_string(one.get("entityRef")),
        icon=_string(one.get("icon")),
    )


def _read_text(one: Mapping[str, Any]) -> OutputText:
    return OutputText(
        _string(one.get("title")), _string(one.get("content")), _string(one.get("icon"))
    )


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _without_empty(item: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in item.items() if value}
