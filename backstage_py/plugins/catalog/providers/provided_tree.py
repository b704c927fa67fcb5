"""The entities of a provider, as a tree with one file."""

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
    """Asks a provider on schedule, and caches the answer in between.

    `type` is that of its location, `id` its own in the configuration. A failure is not cached: the
    catalog keeps its entities, shows the error, and asks again at its next refresh.
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
        """Return the one address; providers of other types may have the same id."""
        return [f"{self.type}:{target}"]

    def resolve(self, target: str, *, beside: str) -> str:  # ruff: ignore[unused-method-argument] there is but one
        """Refuse: a provider has no files beside its entities."""
        raise refuse("a provider has no files", target)

    def read(self, address: str) -> str:  # ruff: ignore[unused-method-argument] there is but one
        """Return the entities as YAML documents.

        Raises:
            DescriptorError: If the provider does not answer.
        """
        with self._lock:
            if self.now() < self._until:
                return self._text
            self._text = "\n---\n".join(map(json.dumps, self.provide())) or "# nothing"
            self._until = self.now() + self.frequency.total_seconds()
            return self._text

    def label(self, address: str) -> str:  # ruff: ignore[unused-method-argument] there is but one
        """Return the id of the provider."""
        return self.id
