"""The tree of a `file` location: a folder on this machine."""

from pathlib import Path

from backstage_py.plugins.catalog.errors import DescriptorError
from backstage_py.plugins.catalog.sources.confined_folder import ConfinedFolder


class FolderTree:
    """The files below a folder, by their paths; `base_dir` is where configured targets start."""

    def __init__(self, folder: Path, *, base_dir: Path) -> None:
        self._folder = ConfinedFolder(folder)
        self._base_dir = base_dir.resolve()

    def find(self, target: str, *, beside: str | None) -> list[str]:
        """Find the files that match a path or a glob, in order.

        Raises:
            DescriptorError: If the target leads out of the folder.
        """
        parent = Path(beside).parent if beside else self._base_dir
        return [self._name(path) for path in self._folder.find_files(target, beside=parent)]

    def resolve(self, target: str, *, beside: str) -> str:
        """Find the one file that a substitution names.

        Raises:
            DescriptorError: If it leads out of the folder.
        """
        return str(self._folder.confine(Path(beside).parent / target))

    def read(self, address: str) -> str:
        """Read a file.

        Raises:
            DescriptorError: If it is missing, outside of the folder, too large or not text.
        """
        return self._folder.read_text(address, beside=self._base_dir)

    def label(self, address: str) -> str:
        """The file's name for people: relative to the portal's folder, if it is inside."""
        path = Path(address)
        inside = path.is_relative_to(self._base_dir)
        return str(path.relative_to(self._base_dir) if inside else path)

    def _name(self, path: Path) -> str:
        """The canonical name, or one that `read` refuses."""
        try:
            return str(self._folder.confine(path))
        except DescriptorError:
            return str(path)
