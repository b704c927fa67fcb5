"""What the catalog asks of a place that descriptors are read from."""

from typing import Protocol


class SourceTree(Protocol):
    """Files that descriptors may name, and that no path in them leads out of.

    An address is the canonical name of one file.
    """

    def find(self, target: str, *, beside: str | None) -> list[str]:
        """Find the addresses of the files that a path, a glob or a URL means, in order.

        The target is seen from the file `beside` (None: from the configuration). A plain target is
        given back even if nothing is there.
        """
        ...

    def resolve(self, target: str, *, beside: str) -> str:
        """Find the address of the one file that a substitution ($text, ...) in `beside` names."""
        ...

    def read(self, address: str) -> str:
        """Read the text of a file.

        Raises:
            MissingFileError: The file is not there.
            DescriptorError: Anything else is wrong.
        """
        ...

    def label(self, address: str) -> str:
        """Write the address as people read it in errors and `backstage.io/managed-by-location`.

        The type prefix (`file:`, `url:`, `git:`) is not part of it.
        """
        ...
