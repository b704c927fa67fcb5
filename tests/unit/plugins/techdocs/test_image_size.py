"""The sizes of images are read without drawing them."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.techdocs.image_size import read_size

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 220) + b"\x08\x02\0\0\0"
GIF = b"GIF89a" + struct.pack("<HH", 20, 10)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (PNG, (640, 220)),
        (GIF, (20, 10)),
        (b'<svg width="32" height="16px"/>', (32, 16)),
        (
            b'<?xml version="1.0"?>\n<svg viewBox="0 0 420 90"><rect width="1" height="1"/>',
            (420, 90),
        ),
        (b"<svg viewBox='0,0,10.4,5'>", (10, 5)),
        (b'<svg width="100%" height="50%" viewBox="0 0 4 2">', (4, 2)),
        (b'<svg width="100%">', None),
        (b'<svg viewBox="0 0 1e999 1">', None),
        (b'<svg viewBox="0 0 0 0">', None),
        (b"not an image", None),
        (b"<?xml version='1.0'?>" + b" " * 5_000 + b'<svg width="3" height="3"/>', None),
        (b"", None),
    ],
)
def test_an_image_says_its_size_or_does_not(data: bytes, size: tuple[int, int] | None) -> None:
    assert read_size(data) == size


@given(
    st.sampled_from([b"", PNG[:20], GIF[:6], b"RIFF\0\0\0\0WEBP", b"\xff\xd8", b"<svg "]),
    st.binary(),
)
def test_no_file_breaks_the_page(head: bytes, rest: bytes) -> None:
    size = read_size(head + rest)

    assert size is None or min(size) > 0
