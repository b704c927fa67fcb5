"""Actions that read the catalog and write to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import yaml

from backstage_py.plugins.catalog.api import (
    CatalogError,
    CatalogReader,
    Entity,
    EntityRef,
    Preview,
    RegisteredLocation,
)
from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.errors import ActionError

DEFAULT_PATH = "catalog-info.yaml"
SOURCE_TEMPLATE = "backstage.io/source-template"


class Registering(Protocol):
    """The interface for registering; the catalog's `Registrations` implement it."""

    def list(self) -> list[RegisteredLocation]:
        """List the registered locations."""
        ...

    def preview(self, type_: str, target: str) -> Preview:
        """Read a location without registering it."""
        ...

    def register(self, type_: str, target: str, *, user: str) -> RegisteredLocation:
        """Register a location."""
        ...


@dataclass(frozen=True, slots=True)
class CatalogActions:
    """The actions, for the catalog as each user may see it."""

    see_catalog: Callable[[str], CatalogReader]
    registrations: Registering

    def fetch(self, context: ActionContext) -> Mapping[str, Any]:
        """Output entities of the catalog."""
        optional = bool(context.input.get("optional"))
        if ref := context.text("entityRef"):
            return {"entity": self._find(context, ref, optional=optional)}
        refs: list[str] = context.input.get("entityRefs", [])
        if not refs:
            raise ActionError("input: name an entityRef, or entityRefs")
        return {"entities": [self._find(context, ref, optional=optional) for ref in refs]}

    def register(self, context: ActionContext) -> Mapping[str, Any]:
        """Register a location in the catalog; an existing one is kept."""
        type_, target = _find_location(context)
        address = f"{type_}:{target}"
        context.log(f"Registering {address} in the catalog")
        try:
            if not any((one.type, one.target) == (type_, target) for one in self._list()):
                self.registrations.register(type_, target, user=context.requester.ref)
            entities = self.registrations.preview(type_, target).entities
        except CatalogError as error:
            if context.input.get("optional"):
                context.warn(str(error))
                return {"catalogInfoUrl": address}
            raise ActionError(str(error)) from error
        found = _choose(entities)
        return {"catalogInfoUrl": address, **({"entityRef": found.entity_ref} if found else {})}

    def _list(self) -> Sequence[RegisteredLocation]:
        return self.registrations.list()

    def _find(self, context: ActionContext, ref: str, *, optional: bool) -> dict[str, Any] | None:
        try:
            parsed = EntityRef.parse(
                ref,
                default_kind=context.text("defaultKind") or None,
                default_namespace=context.text("defaultNamespace") or None,
            )
        except ValueError as error:
            raise ActionError(str(error)) from error
        entity = self.see_catalog(context.requester.ref).find_by_ref(str(parsed))
        if entity is None and not optional:
            raise ActionError(f"{parsed} is not in the catalog; set optional: true if it may not")
        return entity.to_wire() if entity else None


def write_entity(context: ActionContext) -> None:
    """Write a descriptor that names the template it came from."""
    entity: dict[str, Any] = dict(context.input["entity"])
    if context.template_ref:
        metadata: dict[str, Any] = dict(entity.get("metadata") or {})
        annotations = {**(metadata.get("annotations") or {}), SOURCE_TEMPLATE: context.template_ref}
        entity["metadata"] = {**metadata, "annotations": annotations}
    path = context.text("filePath", DEFAULT_PATH)
    text = yaml.safe_dump(entity, sort_keys=False, allow_unicode=True)
    context.workspace.write_bytes(path, text.encode())
    context.log(f"Wrote {path}")


def _find_location(context: ActionContext) -> tuple[str, str]:
    url = context.text("catalogInfoUrl")
    if not url:
        contents = context.text("repoContentsUrl").rstrip("/")
        if not contents:
            raise ActionError("input: name a catalogInfoUrl, or a repoContentsUrl")
        path = context.text("catalogInfoPath", DEFAULT_PATH).lstrip("/")
        url = _join(contents, path)
    if url.startswith(("https://", "http://")):
        return "url", url
    type_, _, target = url.partition(":")
    if type_ not in {"file", "git", "url"} or not target:
        raise ActionError(f"{url} is not a location; it must begin with https://, git: or file:")
    return type_, target


def _join(contents: str, path: str) -> str:
    """The address of a file in a repository, in the form of its service."""
    if contents.startswith("git:"):
        return f"{contents}//{path}"
    if "/_git/" in contents:  # Azure DevOps
        return f"{contents}?path=/{path}"
    return f"{contents}/{path}"


def _choose(entities: Sequence[Entity]) -> Entity | None:
    """Choose the main entity of a location, preferably a component."""
    components = [one for one in entities if one.kind.lower() == "component"]
    return next(iter([*components, *entities]), None)
