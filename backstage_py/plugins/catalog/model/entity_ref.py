"""References to entities: parsing, the canonical string, and the short form people read.

The rules are those of `@backstage/catalog-model` 1.10.1 (`entity/ref.ts`) and, for the short form,
`humanizeEntityRef` of `@backstage/plugin-catalog-react`.
"""

from typing import NamedTuple, Self
from urllib.parse import quote

DEFAULT_NAMESPACE = "default"


class EntityRefError(ValueError):
    """A text that is not an entity reference."""

    def __init__(self, text: str, rule: str) -> None:
        super().__init__(f"{text!r} is not an entity reference: {rule}")
        self.text = text
        self.rule = rule


class EntityRef(NamedTuple):
    """Kind, namespace and name as they were written; compare the canonical `str()` of two refs."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.namespace}/{self.name}".lower()

    @classmethod
    def parse(
        cls, text: str, *, default_kind: str | None = None, default_namespace: str | None = None
    ) -> Self:
        """Parse `[kind:][namespace/]name`, with defaults for missing parts."""
        kind, namespace, name = _split(text)
        kind = default_kind if kind is None else kind
        if not kind:
            raise EntityRefError(text, "the kind must be written, as in component:my-service")
        return cls(kind, namespace or default_namespace or DEFAULT_NAMESPACE, name)

    @property
    def page_path(self) -> str:
        """The path of its page: kind and namespace in lower case, as in Backstage."""
        parts = (self.namespace.lower(), self.kind.lower(), self.name)
        return "/catalog/" + "/".join(quote(part, safe="") for part in parts)

    def humanize(self, *, default_kind: str | None = None) -> str:
        """The short form: without the kind if it is the default one, and without `default`."""
        kind = self.kind.lower()
        shown_kind = "" if default_kind and kind == default_kind.lower() else f"{kind}:"
        shown_namespace = "" if self.namespace == DEFAULT_NAMESPACE else f"{self.namespace}/"
        return f"{shown_kind}{shown_namespace}{self.name}"


def _split(text: str) -> tuple[str | None, str | None, str]:
    """Split at the first colon and the first slash; a colon after the slash belongs to the name."""
    slash = text.find("/")
    colon = text.find(":")
    if 0 <= slash < colon:
        colon = -1
    kind = None if colon < 0 else text[:colon]
    namespace = None if slash < 0 else text[colon + 1 : slash]
    name = text[max(colon, slash) + 1 :]
    if "" in {kind, namespace, name}:
        raise EntityRefError(text, "kind, namespace and name must not be empty")
    return kind, namespace, name
