"""What a provider gives, as a tree of one file that holds its entities."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Any

from backstage_py.plugins.catalog.sources.file_text import refuse

Entities = Iterable[Mapping[str, Any]]


@dataclass(slots=True)
class ProvidedTree:
    """Asks a provider when the time has come, and remembers the answer until then.

    `type` is that of its location, `id` its own in the configuration. An answer that fails is not
    remembered: the catalog keeps what it had, shows the error, and asks again at its next refresh.
    """

    type: str
    id: str
    provide: Callable[[], Entities]
    frequency: timedelta
    now: Callable[[], float] = time.monotonic
    _text: str = ""
    _until: float = field(default=float("-inf"))
    _lock: Lock = field(default_factory=Lock)

    def find(self, target: str, *, beside: str | None) -> list[str]:  # ruff: ignore[unused-method-argument] there is but one
        """Give the one address; providers of other types may have the same id."""
        return [f"{self.type}:{target}"]

    def resolve(self, target: str, *, beside: str) -> str:  # ruff: ignore[unused-method-argument] there is but one
        """Refuse: a provider has no files beside its entities."""
        raise refuse("a provider has no files", target)

    def read(self, address: str) -> str:  # ruff: ignore[unused-method-argument] there is but one
        """Give the entities as YAML documents.

        Raises:
            DescriptorError: The provider does not answer.
        """
        with self._lock:
            if self.now() < self._until:
                return self._text
            self._text = "\n---\n".join(map(json.dumps, self.provide())) or "# nothing"
            self._until = self.now() + self.frequency.total_seconds()
            return self._text

    def label(self, address: str) -> str:  # ruff: ignore[unused-method-argument] there is but one
        """Give the id of the provider."""
        return self.id
