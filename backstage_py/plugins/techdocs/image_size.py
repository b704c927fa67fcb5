"""The size of an image, so that a page keeps its place before the image is there."""

import io
import re
import struct

import imagesize

Size = tuple[int, int]
"""Width and height in pixels."""

_ROOT = re.compile(r"<svg\b[^<>]*>")
_ATTRIBUTE = re.compile(r"""\s([A-Za-z]+)\s*=\s*["']([^"']*)["']""")
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_PICTURES = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF")
"""How files begin that `imagesize` gets; it parses other people's XML in full."""
_HEAD_BYTES = 4096
_PICTURE_BYTES = 256 * 1024
"""A JPEG has its size behind what cameras and editors write first."""


def read_size(data: bytes) -> Size | None:
    """Read the size of a PNG, JPEG, GIF, WebP or SVG image; None if it does not say it."""
    if data.startswith(_PICTURES):
        size = _read_pixels(data[:_PICTURE_BYTES])
    else:
        root = _ROOT.search(data[:_HEAD_BYTES].decode("utf-8", errors="replace"))
        size = _read_svg(root[0]) if root else None
    return size if size and min(size) > 0 else None


def _read_pixels(data: bytes) -> Size | None:
    try:
        width, height = imagesize.get(io.BytesIO(data))
    except (ValueError, IndexError, struct.error):
        return None
    return int(width), int(height)


def _read_svg(tag: str) -> Size | None:
    """The root's width and height, or those of its `viewBox`; `imagesize` takes any element's."""
    attributes = dict(_ATTRIBUTE.findall(tag))
    lengths = [_LENGTH.fullmatch(attributes.get(name, "")) for name in ("width", "height")]
    written = [one[1] for one in lengths if one]
    box = attributes.get("viewBox", "").replace(",", " ").split()
    try:
        width, height = map(float, written if len(written) == len(lengths) else box[2:])
        return round(width), round(height)
    except (ValueError, OverflowError):
        return None
