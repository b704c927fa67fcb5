"""The entity: one item of the catalog, from its descriptor and completed by the catalog.

The envelope is that of `@backstage/catalog-model` 1.10.1. Metadata and spec stay the plain
mappings of the descriptor, because companies add their own keys; they are never changed in place.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from backstage_py.plugins.catalog.model.entity_ref import DEFAULT_NAMESPACE, EntityRef

PROCESSING_STATUS = "backstage.io/catalog-processing"
MANAGED_BY_LOCATION = "backstage.io/managed-by-location"
MANAGED_BY_ORIGIN_LOCATION = "backstage.io/managed-by-origin-location"
ORPHAN = "backstage.io/orphan"

_UIDS = uuid.UUID("5f0c7d8e-3f0a-4b0e-9c6e-6d1f2a7b9c10")


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """A directed relation; the target may not exist."""

    type: str
    target_ref: str


@dataclass(frozen=True, slots=True)
class StatusItem:
    """A message for people who view an entity."""

    type: str
    level: Literal["info", "warning", "error"]
    message: str


@dataclass(frozen=True, slots=True)
class EntityLink:
    """An external link, from `metadata.links`."""

    url: str
    title: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A valid entity, or one whose substitutions could not be read (see `status`)."""

    api_version: str
    kind: str
    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]
    relations: tuple[Relation, ...] = ()
    status: tuple[StatusItem, ...] = ()

    @property
    def name(self) -> str:
        """The name as written; unique together with kind and namespace, ignoring case."""
        return self.metadata["name"]

    @property
    def namespace(self) -> str:
        """The namespace; `default` if the descriptor has none."""
        return self.metadata.get("namespace", DEFAULT_NAMESPACE)

    @property
    def ref(self) -> EntityRef:
        """The reference as written, for links and for short forms."""
        return EntityRef(self.kind, self.namespace, self.name)

    @property
    def entity_ref(self) -> str:
        """The canonical reference, all lower case: `component:default/my-service`."""
        return str(self.ref)

    @property
    def title(self) -> str:
        """The name for people: title, else the profile's display name, else the name."""
        return self.metadata.get("title") or self.display_name or self.name

    @property
    def display_name(self) -> str:
        """The name of a user or group in its profile, or empty."""
        return _read_text(self.profile.get("displayName"))

    @property
    def description(self) -> str:
        """Markdown, or empty."""
        return self.metadata.get("description", "")

    @property
    def type(self) -> str:
        """The type from the spec, or empty."""
        return _read_text(self.spec.get("type"))

    @property
    def lifecycle(self) -> str:
        """The lifecycle from the spec, or empty."""
        return _read_text(self.spec.get("lifecycle"))

    @property
    def profile(self) -> Mapping[str, Any]:
        """Display name, e-mail and picture of a user or group."""
        profile = self.spec.get("profile")
        return profile if isinstance(profile, Mapping) else {}

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags in the order of the descriptor."""
        return tuple(self.metadata.get("tags", ()))

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels, which tools select by."""
        return self.metadata.get("labels", {})

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations, for the tools that read them."""
        return self.metadata.get("annotations", {})

    @property
    def links(self) -> tuple[EntityLink, ...]:
        """The links; one without a title has its address as title."""
        return tuple(
            EntityLink(link["url"], link.get("title", link["url"]), link.get("icon", ""))
            for link in self.metadata.get("links", ())
        )

    def list_targets(self, relation_type: str) -> list[str]:
        """List the refs this entity points to by one type of relation, such as `ownedBy`."""
        return [each.target_ref for each in self.relations if each.type == relation_type]

    @property
    def uid(self) -> str:
        """An id derived from the reference, the same in every portal."""
        return str(uuid.uuid5(_UIDS, self.entity_ref))

    @property
    def etag(self) -> str:
        """A digest that changes with the descriptor's content."""
        content = orjson.dumps([self.api_version, self.kind, self.metadata, self.spec])
        return hashlib.blake2b(content, digest_size=20).hexdigest()

    def to_wire(self) -> dict[str, Any]:
        """Build the form that Backstage's catalog API answers with."""
        own = {"namespace": self.namespace, **self.metadata}
        wire: dict[str, Any] = {
            "apiVersion": self.api_version,
            "kind": self.kind,
            "metadata": {**own, "uid": self.uid, "etag": self.etag},
            "spec": dict(self.spec),
            "relations": [{"type": r.type, "targetRef": r.target_ref} for r in self.relations],
        }
        if self.status:
            wire["status"] = {
                "items": [
                    {"type": s.type, "level": s.level, "message": s.message} for s in self.status
                ]
            }
        return wire


def _read_text(value: Any) -> str:
    """The value if it is text, else empty, as for unknown kinds or unread placeholders."""
    return value if isinstance(value, str) else ""
