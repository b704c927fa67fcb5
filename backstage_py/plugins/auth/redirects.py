"""The redirect after signing in: only to pages of this portal."""

from urllib.parse import urlsplit

HOME = "/"
MAX_CHARACTERS = 2000
_FIRST_PRINTABLE = 0x20
_DELETE = 0x7F


def safe_path(text: str | None) -> str:
    r"""The path with query and hash, or the start page for anything that could lead elsewhere.

    Browsers read `/\host` and `//host` as another host, and ignore tabs and line ends.
    """
    path = text or HOME
    is_plain = all(_FIRST_PRINTABLE <= ord(letter) != _DELETE for letter in path)
    if not is_plain or "\\" in path or len(path) > MAX_CHARACTERS:
        return HOME
    if not path.startswith("/") or path.startswith(("//", "/api/")):
        return HOME
    try:
        parts = urlsplit(path)
    except ValueError:
        return HOME
    return HOME if parts.scheme or parts.netloc else path
