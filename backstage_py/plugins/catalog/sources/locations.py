"""The catalog's locations: those of the app configuration, and those in `Location`s."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from backstage_py.plugins.catalog.errors import MISSING, CatalogConfigError
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.model.formats import MAPPING, NON_EMPTY_TEXT


@dataclass(frozen=True, slots=True)
class CatalogLocation:
    """A place to read descriptors from: a path, a glob or a URL, by its type.

    `field` is where it was written, for errors; `optional`: it may be missing; `is_registered`: a
    user of the portal registered it, not its owner; `allow`: the kinds that may come from it, in
    lower case (None: any).
    """

    type: str
    target: str
    field: str = ""
    optional: bool = False
    is_registered: bool = False
    allow: frozenset[str] | None = None

    def __str__(self) -> str:
        return f"{self.type}:{self.target}"

    @classmethod
    def from_config(cls, config: Any, *, path: str, allow: frozenset[str] | None = None) -> Self:
        """Read one entry of `catalog.locations`; `path` names it in the error.

        Its own `rules` stand in place of `allow`.
        """
        if not isinstance(config, Mapping):
            raise CatalogConfigError(path, config, MAPPING.rule)
        for key in ("type", "target"):
            if not NON_EMPTY_TEXT.accepts(config.get(key)):
                value = config.get(key, MISSING)
                raise CatalogConfigError(f"{path}.{key}", value, NON_EMPTY_TEXT.rule)
        if "rules" in config:
            allow = read_allowed_kinds(config["rules"], path=f"{path}.rules")
        return cls(config["type"], config["target"], path, allow=allow)

    def allows(self, kind: str) -> bool:
        """Tell whether entities of a kind may come from this location."""
        return self.allow is None or kind.lower() in self.allow


def read_allowed_kinds(rules: Any, *, path: str) -> frozenset[str] | None:
    """Read `[{allow: [Component, API]}]`; no rules allow every kind.

    Source: `catalog.rules` of Backstage, which allows only Component, API and Location without.

    Raises:
        CatalogConfigError: If it is something else.
    """
    if not isinstance(rules, list | tuple):
        raise CatalogConfigError(path, rules, "must be a list such as [{allow: [Component]}]")
    kinds: set[str] = set()
    for index, rule in enumerate(rules):
        allowed = rule.get("allow") if isinstance(rule, Mapping) else None
        if not isinstance(allowed, list) or not all(map(NON_EMPTY_TEXT.accepts, allowed)):
            hint = "must be a mapping such as {allow: [Component, API]}"
            raise CatalogConfigError(f"{path}[{index}]", rule, hint)
        kinds |= {kind.lower() for kind in allowed}
    return frozenset(kinds) if rules else None


def list_entity_locations(entity: Entity) -> list[CatalogLocation]:
    """List the targets of a `Location` entity, in order; empty for other kinds.

    The default type is that of the location the entity was read from. Targets that are unread
    placeholders are left out.
    """
    if entity.kind != "Location":
        return []
    spec = entity.spec
    listed = spec.get("targets")
    targets = {"spec.target": spec.get("target")}
    if isinstance(listed, list):
        targets |= {f"spec.targets[{index}]": target for index, target in enumerate(listed)}
    type_ = spec.get("type", "")
    optional = spec.get("presence") == "optional"
    return [
        CatalogLocation(type_, target, field, optional)
        for field, target in targets.items()
        if isinstance(target, str)
    ]
