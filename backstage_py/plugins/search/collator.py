"""Where documents come from. Source of the idea: `DocumentCollatorFactory` of Backstage."""

from collections.abc import Iterable
from typing import Any, Protocol

from backstage_py.plugins.search.document import SearchDocument


class Collator(Protocol):
    """Gives all documents of one type."""

    type: str

    def version(self) -> Any:
        """Give a value that differs when the documents may have changed; has to be cheap."""
        ...

    def collate(self) -> Iterable[SearchDocument]:
        """Give the documents as they are now."""
        ...
