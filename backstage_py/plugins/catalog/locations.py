"""Where the catalog begins: the locations of the app configuration, and those in `Location`s."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from backstage_py.plugins.catalog.entity import Entity
from backstage_py.plugins.catalog.errors import MISSING, CatalogConfigError
from backstage_py.plugins.catalog.formats import MAPPING, NON_EMPTY_TEXT

FILE_LOCATION = "file"


@dataclass(frozen=True, slots=True)
class CatalogLocation:
    """A place to read descriptors from: a file path, a glob, or something this portal cannot read.

    `field` says where it was written, for errors; `optional` that nothing needs to be there.
    """

    type: str
    target: str
    field: str = ""
    optional: bool = False

    def __str__(self) -> str:
        return f"{self.type}:{self.target}"

    @classmethod
    def from_config(cls, config: Any, *, path: str) -> Self:
        """Read one entry of `catalog.locations`; `path` names it in the error."""
        if not isinstance(config, Mapping):
            raise CatalogConfigError(path, config, MAPPING.rule)
        for key in ("type", "target"):
            if not NON_EMPTY_TEXT.accepts(config.get(key)):
                value = config.get(key, MISSING)
                raise CatalogConfigError(f"{path}.{key}", value, NON_EMPTY_TEXT.rule)
        return cls(config["type"], config["target"], path)


def list_entity_locations(entity: Entity) -> list[CatalogLocation]:
    """List where a `Location` entity points to, in its order; nothing for other kinds.

    Targets that are placeholders not read lead nowhere.
    """
    if entity.kind != "Location":
        return []
    spec = entity.spec
    listed = spec.get("targets")
    targets = {"spec.target": spec.get("target")}
    if isinstance(listed, list):
        targets |= {f"spec.targets[{index}]": target for index, target in enumerate(listed)}
    type_ = spec.get("type", FILE_LOCATION)
    optional = spec.get("presence") == "optional"
    return [
        CatalogLocation(type_, target, field, optional)
        for field, target in targets.items()
        if isinstance(target, str)
    ]
