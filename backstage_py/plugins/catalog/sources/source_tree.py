"""The interface of a place that descriptors are read from."""

from typing import Protocol


class SourceTree(Protocol):
    """The files that descriptors may name; paths cannot lead out of them.

    An address is the canonical name of one file.
    """

    def find(self, target: str, *, beside: str | None) -> list[str]:
        """Find the addresses of the files that match a path, a glob or a URL, in order.

        The target is relative to the file `beside` (None: to the configuration). A plain target is
        returned even if nothing is there.
        """
        ...

    def resolve(self, target: str, *, beside: str) -> str:
        """Find the address of the one file that a substitution ($text, ...) in `beside` names."""
        ...

    def read(self, address: str) -> str:
        """Read the text of a file.

        Raises:
            MissingFileError: If the file is missing.
            DescriptorError: For any other problem.
        """
        ...

    def label(self, address: str) -> str:
        """Write the address as people read it in errors and `backstage.io/managed-by-location`.

        The type prefix (`file:`, `url:`, `git:`) is not part of it.
        """
        ...
