"""The interface of collators, after Backstage's `DocumentCollatorFactory`."""

from collections.abc import Iterable
from typing import Any, Protocol

from backstage_py.plugins.search.document import SearchDocument


class Collator(Protocol):
    """Provides all documents of one type."""

    type: str

    def version(self) -> Any:
        """Return a value that changes when the documents may have changed; must be cheap."""
        ...

    def collate(self) -> Iterable[SearchDocument]:
        """Return the current documents."""
        ...
