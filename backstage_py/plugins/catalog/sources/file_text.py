"""What any file must be that the catalog reads, wherever it lies: UTF-8 text of a sane size."""

from backstage_py.plugins.catalog.errors import (
    DescriptorError,
    MissingFileError,
    ProcessingError,
    show_value,
)

MAX_FILE_BYTES = 5 * 1024 * 1024


def decode_text(data: bytes, target: str) -> str:
    """Read bytes as UTF-8; `target` names the file in the error."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        rule = f"a file must be UTF-8 text; byte {error.start} (line {line}) is not"
        raise refuse(rule, target) from error


def refuse(rule: str, target: str) -> DescriptorError:
    """Make the error for a target that breaks a rule."""
    return DescriptorError(ProcessingError(rule, value=show_value(target)))


def refuse_size(target: str) -> DescriptorError:
    """Make the error for a file that is too large."""
    return refuse(f"a file must not be larger than {MAX_FILE_BYTES} bytes", target)


def miss(target: str) -> MissingFileError:
    """Make the error for a file that is not there."""
    return MissingFileError(ProcessingError("the file does not exist", value=show_value(target)))
