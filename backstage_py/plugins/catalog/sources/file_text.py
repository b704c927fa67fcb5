"""Checks that files of the catalog are text of a reasonable size."""

from backstage_py.plugins.catalog.errors import (
    DescriptorError,
    MissingFileError,
    ProcessingError,
    show_value,
)

MAX_FILE_BYTES = 5 * 1024 * 1024


def decode_text(data: bytes, target: str) -> str:
    """Decode bytes as UTF-8; invalid ones become U+FFFD, as in Backstage.

    Raises:
        DescriptorError: If it is a binary file; `target` names it.
    """
    if b"\0" in data:
        raise refuse("a file must be text; this one holds a null byte", target)
    return data.decode("utf-8-sig", errors="replace")


def refuse(rule: str, target: str) -> DescriptorError:
    """Make the error for a target that breaks a rule."""
    return DescriptorError(ProcessingError(rule, value=show_value(target)))


def refuse_size(target: str, max_bytes: int = MAX_FILE_BYTES) -> DescriptorError:
    """Make the error for a file that is too large."""
    return refuse(f"a file must not be larger than {max_bytes} bytes", target)


def miss(target: str) -> MissingFileError:
    """Make the error for a missing file."""
    return MissingFileError(ProcessingError("the file does not exist", value=show_value(target)))
