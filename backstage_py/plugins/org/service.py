"""Groups, their members, and what they own, from the catalog's public service.

From `@backstage/plugin-org`: members and ownership are a group's own (direct) or also those of
the groups below it (aggregated); a user's aggregated ownership includes their groups.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from backstage_py.plugins.catalog.api import CatalogReader, Entity, EntityFilter, EntityRef

OWNED_KINDS = ("Component", "API", "System", "Domain", "Resource")
SHOWN_BOXES = 6
MEMBERS_PER_PAGE = 50
TREE_GROUPS = 500
"""The maximum number of groups in a tree."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a group; one missing from the catalog only has a reference."""

    ref: EntityRef
    entity: Entity | None

    @property
    def title(self) -> str:
        """The name for people."""
        return self.entity.title if self.entity else self.ref.humanize(default_kind="User")


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Some members of a group, and how many there are."""

    items: tuple[Person, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OwnedKind:
    """The number of owned entities of a kind and type, and the address of their list."""

    kind: str
    type: str
    count: int
    path: str


@dataclass(frozen=True, slots=True)
class TreeGroup:
    """A group in the tree, and its depth below the root."""

    entity: Entity
    depth: int


class OrgService:
    """Reads the groups and users of a catalog."""

    def __init__(self, catalog: CatalogReader) -> None:
        self._catalog = catalog

    def list_members(
        self, group: Entity, *, aggregated: bool = False, text: str = "", page: int = 0
    ) -> MembersPage:
        """List members by title, each once; `text` must be part of a title, name or e-mail."""
        groups = self.list_below(group) if aggregated else [group]
        refs = {ref for one in groups for ref in one.list_targets("hasMember")}
        people = [Person(EntityRef.parse(ref), self._catalog.find_by_ref(ref)) for ref in refs]
        words = text.lower().split()
        people = [one for one in people if all(word in _text_of(one) for word in words)]
        people.sort(key=lambda one: (one.title.casefold(), str(one.ref)))
        pages = max(1, -(-len(people) // MEMBERS_PER_PAGE))
        page = min(max(0, page), pages - 1)
        start = page * MEMBERS_PER_PAGE
        shown = tuple(people[start : start + MEMBERS_PER_PAGE])
        return MembersPage(shown, len(people), page, pages)

    def list_owned(self, owner: Entity, *, aggregated: bool) -> list[OwnedKind]:
        """Count what a user or group owns by kind and type, the largest first, at most six."""
        refs = self._list_owner_refs(owner, aggregated=aggregated)
        found: Counter[tuple[str, str]] = Counter()
        for kind in OWNED_KINDS:
            page = self._catalog.list_entities(EntityFilter(kind=kind, owners=refs), limit=None)
            found.update((kind, entity.type) for entity in page.items)
        ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
        return [
            OwnedKind(kind, type_, count, _list_path(kind, type_, refs))
            for (kind, type_), count in ordered[:SHOWN_BOXES]
        ]

    def list_below(self, group: Entity) -> list[Entity]:
        """List a group and every group below it, each once, even if there are cycles."""
        found: dict[str, Entity] = {}
        waiting = [group]
        while waiting:
            one = waiting.pop(0)
            if one.entity_ref not in found:
                found[one.entity_ref] = one
                waiting += self._list_groups(one.list_targets("parentOf"))
        return list(found.values())

    def list_above(self, group: Entity) -> list[Entity]:
        """List the groups above a group, the outermost first."""
        above: list[Entity] = []
        seen = {group.entity_ref}
        parents = self._list_groups(group.list_targets("childOf"))
        while parents and parents[0].entity_ref not in seen:
            parent = parents[0]
            seen.add(parent.entity_ref)
            above.insert(0, parent)
            parents = self._list_groups(parent.list_targets("childOf"))
        return above

    def list_tree(self, group: Entity) -> list[TreeGroup]:
        """List the tree that a group belongs to, from its root down."""
        above = self.list_above(group)
        root = above[0] if above else group
        tree: list[TreeGroup] = []
        seen: set[str] = set()
        waiting = [TreeGroup(root, 0)]
        while waiting and len(tree) < TREE_GROUPS:
            one = waiting.pop(0)
            if one.entity.entity_ref in seen:
                continue
            seen.add(one.entity.entity_ref)
            tree.append(one)
            children = self._list_groups(one.entity.list_targets("parentOf"))
            waiting = [TreeGroup(child, one.depth + 1) for child in children] + waiting
        return tree

    def _list_groups(self, refs: Iterable[str]) -> list[Entity]:
        groups = (self._catalog.find_by_ref(ref) for ref in refs)
        return sorted(
            (one for one in groups if one is not None), key=lambda one: one.title.casefold()
        )

    def _list_owner_refs(self, owner: Entity, *, aggregated: bool) -> tuple[str, ...]:
        if not aggregated:
            return (owner.entity_ref,)
        if owner.kind == "User":
            return (owner.entity_ref, *owner.list_targets("memberOf"))
        return tuple(one.entity_ref for one in self.list_below(owner))


def _text_of(person: Person) -> str:
    email = person.entity.profile.get("email", "") if person.entity else ""
    return f"{person.title}\n{person.ref.name}\n{email}".lower()


def _list_path(kind: str, type_: str, owners: Sequence[str]) -> str:
    query = [("filters[kind]", kind.lower()), ("filters[user]", "all")]
    query += [("filters[type]", type_.lower())] if type_ else []
    query += [("filters[owners]", owner) for owner in owners]
    return f"/catalog?{urlencode(query, safe='[]:/')}"
