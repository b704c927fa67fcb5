"""Removes secrets from logged or shown texts."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

SHOWN = "***"
MIN_CHARACTERS = 2
"""The minimum length of a secret; replacing one character would make the log unreadable."""


class Redaction:
    """Replaces secrets, as plain text and as encoded in JSON and URLs."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in _list_forms(secret)}
        self._forms = sorted(forms, key=lambda form: (-len(form), form))

    def hide(self, text: str) -> str:
        """Return the text without the secrets."""
        for form in self._forms:
            text = text.replace(form, SHOWN)
        return text

    def hide_all(self, value: Any) -> Any:
        """Return a JSON value without secrets in its texts."""
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, Mapping):
            return {self.hide(str(key)): self.hide_all(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.hide_all(one) for one in value]
        return value


def _list_forms(secret: str) -> Iterable[str]:
    for part in (secret, secret.strip(), *secret.splitlines()):
        if len(part) >= MIN_CHARACTERS and part.strip():
            yield part
            yield quote(part, safe="")
            yield json.dumps(part)[1:-1]
            yield json.dumps(part, ensure_ascii=False)[1:-1]
