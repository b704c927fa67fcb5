"""The process that turns Markdown into HTML, separate from the portal.

It reads one JSON object per line,
`{"text", "mark", "extensions", "iframeHosts", "plantumlServer"}`, and answers with one,
`{"html", "toc"}` or `{"error"}`. Malicious Markdown and HTML can take minutes to parse and block
the interpreter; a separate process can be ended. The extensions are those of mkdocs-techdocs-core,
and those that a site switches on.
"""

import base64
import functools
import html as html_text
import json
import math
import re
import resource
import sys
import zlib
from collections.abc import Collection, Sequence
from typing import Any

from markdown import Markdown
from pymdownx import emoji
from pymdownx.superfences import fence_code_format

from backstage_py.plugins.techdocs.markdown_extensions import merge_options
from backstage_py.plugins.techdocs.sanitizer import Sanitizer

MAX_MEMORY = 1024 * 1024 * 1024
MAX_CPU_SECONDS = 15
"""For one page. The portal ends this process sooner, unless the portal itself is gone."""

PLANTUML_NOTE = "PlantUML diagrams are not drawn here; this is the source."

_EXTENSIONS = (
    *("admonition", "toc", "pymdownx.extra", "pymdownx.caret", "pymdownx.critic"),
    *("pymdownx.details", "pymdownx.emoji", "pymdownx.highlight", "pymdownx.inlinehilite"),
    *("pymdownx.magiclink", "pymdownx.mark", "pymdownx.smartsymbols", "pymdownx.superfences"),
    *("pymdownx.tabbed", "pymdownx.tasklist", "pymdownx.tilde", "mdx_truly_sane_lists"),
)

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLANTUML_DIGITS = bytes.maketrans(
    _LETTERS + _LETTERS.lower() + b"0123456789+/",
    b"0123456789" + _LETTERS + _LETTERS.lower() + b"-_",
)
_CHECKBOX = re.compile(r'<input type="checkbox" disabled( checked)?/>')
_TAB_LABEL = re.compile(r'<label for="__tabbed_\d+_\d+">(.*?)</label>', re.DOTALL)
_TAB_INPUT = re.compile(r'<input(?: checked="checked")? id="__tabbed_[^>]*>')
_LEGACY_TAB = re.compile(r'^([ \t]*(?:`{3,}|~{3,})[\w+-]+) tab="([^"\n]*)"[ \t]*$', re.MULTILINE)
_ALERT = re.compile(
    r"^>[ \t]*\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*\n((?:>.*(?:\n|\Z))*)", re.MULTILINE
)


def render(
    text: str,
    *,
    mark: str = "",
    extensions: Sequence[Sequence[Any]] = (),
    iframe_hosts: Collection[str] = (),
    plantuml_server: str = "",
) -> dict[str, Any]:
    """Turn a page into clean HTML whose relative links have a mark, with its headings.

    Args:
        text: The page.
        mark: The prefix of relative links.
        extensions: Names of `markdown_extensions.ALLOWED`, each with its options.
        iframe_hosts: The hosts that pages may show frames of.
        plantuml_server: The server that draws PlantUML; without one its source is shown.
    """
    markdown = _build_markdown(plantuml_server, extensions)
    html = markdown.convert(_ALERT.sub(_write_alert, _LEGACY_TAB.sub(r'\1 title="\2"', text)))
    toc: list[dict[str, Any]] = getattr(markdown, "toc_tokens", [])
    html = _CHECKBOX.sub(_write_checkbox, html)
    html = _TAB_LABEL.sub(r"<span>\1</span>", _TAB_INPUT.sub("", html))
    cleaned = Sanitizer(iframe_hosts=iframe_hosts).clean(html, mark=mark)
    return {"html": cleaned, "toc": _flatten(toc)}


def main() -> None:
    """Answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    for line in sys.stdin.buffer:
        limit_cpu(MAX_CPU_SECONDS)
        try:
            asked = json.loads(line)
            answer = render(
                asked["text"],
                mark=asked["mark"],
                extensions=asked["extensions"],
                iframe_hosts=asked["iframeHosts"],
                plantuml_server=asked["plantumlServer"],
            )
        except (Exception, RecursionError) as error:  # ruff: ignore[blind-except] a page must not end the process
            answer = {"error": type(error).__name__}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def limit_cpu(seconds: int) -> None:
    """Let Linux end this process after `seconds` more of processor time."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(usage.ru_utime + usage.ru_stime) + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def _build_markdown(plantuml_server: str, given: Sequence[Sequence[Any]]) -> Markdown:
    fences = [
        {"name": "mermaid", "class": "mermaid", "format": fence_code_format},
        {
            "name": "plantuml",
            "class": "plantuml",
            "format": functools.partial(_format_plantuml, plantuml_server),
            "validator": _accept_options,
        },
    ]
    options = merge_options(
        {
            "mdx_truly_sane_lists": {"nested_indent": 2, "truly_sane": True},
            "pymdownx.emoji": {
                "emoji_index": emoji.gemoji,
                "emoji_generator": emoji.to_alt,
            },
            "pymdownx.highlight": {"guess_lang": False},
            "pymdownx.superfences": {"custom_fences": fences},
            "pymdownx.tabbed": {"alternate_style": True},
            "toc": {"permalink": "#", "permalink_title": "Link to this heading"},
        },
        given,
    )
    names = dict.fromkeys((*_EXTENSIONS, *(name for name, _ in given)))
    return Markdown(extensions=list(names), extension_configs=options)


def _accept_options(*_: Any, **__: Any) -> bool:
    """Take any option that plantuml-markdown knows."""
    return True


def _format_plantuml(server: str, source: str, *given: Any, **named: Any) -> str:
    code = fence_code_format(source, *given, **named)
    if not server:
        return f'<div class="plantuml"><p>{PLANTUML_NOTE}</p>{code}</div>'
    address = f"{server.rstrip('/')}/svg/{encode_plantuml(source)}"
    image = f'<img src="{html_text.escape(address)}" alt="PlantUML diagram">'
    shown = f"<p>{image}</p><details><summary>Source of the diagram</summary>{code}</details>"
    return f'<div class="plantuml">{shown}</div>'


def encode_plantuml(source: str) -> str:
    """Encode a diagram for addresses of a PlantUML server.

    Source: https://plantuml.com/text-encoding (deflate, and base64 with an alphabet of its own).
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(source.encode()) + packer.flush()
    filled = packed + bytes(-len(packed) % 3)
    return base64.b64encode(filled).translate(_PLANTUML_DIGITS).decode()


def _write_checkbox(found: re.Match[str]) -> str:
    return f'<span class="{"task-done" if found[1] else "task-open"}"></span>'


def _write_alert(found: re.Match[str]) -> str:
    """Write GitHub's alert as an admonition."""
    lines = [re.sub(r"^> ?", "", line) for line in found[2].splitlines()]
    body = "\n".join(f"    {line}" if line else "" for line in lines)
    return f"!!! {found[1].lower()}\n\n{body}\n\n"


def _flatten(tokens: list[dict[str, Any]]) -> list[dict[str, Any]]:
    flat: list[dict[str, Any]] = []
    for token in tokens:
        flat.append({"id": token["id"], "title": token["name"], "level": token["level"]})
        flat += _flatten(token["children"])
    return flat


if __name__ == "__main__":
    main()
