"""Marks the relative links of a page while cleaning it, and resolves them later.

A page is cleaned in a process without access to other pages; it puts a mark before each relative
link, which the authors of the page cannot guess.
"""

import html
import re
from collections.abc import Callable

from backstage_py.plugins.techdocs.image_size import Size

Resolve = Callable[[str], str | None]
FindSize = Callable[[str], Size | None]
"""Returns the size of an image by its relative link, if it is known."""

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\#?]", re.IGNORECASE)
_DISGUISE = re.compile(r"[\x00-\x20\x7f]")


def leads_elsewhere(address: str) -> bool:
    """Whether a link is not a path of its documentation: it has a scheme, or begins at a root."""
    plain = _DISGUISE.sub("", address)
    return not plain or "\\" in plain or bool(_ELSEWHERE.match(plain))


def mark_relative(address: str, mark: str) -> str:
    """Put the mark before a relative link."""
    return address if leads_elsewhere(address) else f"{mark}{address}"


def resolve_marked(
    text: str, mark: str, *, link: Resolve, file: Resolve, size: FindSize = lambda _src: None
) -> str:
    """Resolve the marked links in clean HTML.

    Args:
        text: The HTML, as the sanitizer writes it.
        mark: The prefix of relative links.
        link: Returns the address in the portal for a relative link, or None to drop it.
        file: The same for an image or another file.
        size: Returns the size of an image whose authors have not written it.
    """

    def replace(found: re.Match[str]) -> str:
        name, value = found["name"], html.unescape(found["value"])
        resolved = (link if name == "href" else file)(value)
        if resolved is None:
            return ""
        has_no_size = name == "src" and _is_image_without_size(found)
        pixels = size(value) if has_no_size else None
        room = f' width="{pixels[0]}" height="{pixels[1]}"' if pixels else ""
        return f' {name}="{html.escape(resolved)}"{room}'

    pattern = rf' (?P<name>href|src)="{re.escape(mark)}(?P<value>[^"]*)"'
    return re.sub(pattern, replace, text)


def _is_image_without_size(found: re.Match[str]) -> bool:
    text = found.string
    tag = text[text.rfind("<", 0, found.start()) : text.find(">", found.end())]
    return tag.startswith("<img ") and " width=" not in tag and " height=" not in tag
