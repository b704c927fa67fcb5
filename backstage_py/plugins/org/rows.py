"""The rows of the cards of people and teams: flat, typed, ready for the browser."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from backstage_py.plugins.catalog.api import CatalogReader, Entity
from backstage_py.plugins.org.service import MembersPage, OrgService, OwnedKind, Person, TreeGroup

_INITIALS = 2


@dataclass(frozen=True)
class ProfileLink:
    """A group or user that a profile names."""

    title: str
    path: str
    exists: bool = True


@dataclass(frozen=True)
class Profile:
    """A group or user."""

    title: str = ""
    initials: str = ""
    picture: str = ""
    description: str = ""
    email: str = ""
    above: list[ProfileLink] = field(default_factory=list)
    below: list[ProfileLink] = field(default_factory=list)


@dataclass(frozen=True)
class MemberRow:
    """A member of a group."""

    title: str
    path: str
    exists: bool
    initials: str
    picture: str
    email: str
    description: str


@dataclass(frozen=True)
class OwnedRow:
    """A tile of the ownership card."""

    count: int
    label: str
    path: str


@dataclass(frozen=True)
class TreeRow:
    """A group in the tree."""

    title: str
    path: str
    depth: int
    is_here: bool


def build_profile(catalog: CatalogReader, entity: Entity) -> Profile:
    """The profile of a group or user, with its parent and child groups."""
    above = "memberOf" if entity.kind == "User" else "childOf"
    return Profile(
        title=entity.title,
        initials=_abbreviate(entity.title),
        picture=_find_picture(entity.profile),
        description=entity.description,
        email=_read_email(entity.profile),
        above=_build_links(catalog, entity, above),
        below=_build_links(catalog, entity, "parentOf"),
    )


def build_members(page: MembersPage) -> list[MemberRow]:
    """The rows of some members."""
    return [_build_member(person) for person in page.items]


def build_owned(owned: list[OwnedKind]) -> list[OwnedRow]:
    """The tiles of owned entities."""
    return [
        OwnedRow(one.count, f"{one.type} {one.kind}".strip().lower(), one.path) for one in owned
    ]


def build_tree(tree: list[TreeGroup], *, here: Entity) -> list[TreeRow]:
    """The rows of the tree around a group."""
    return [
        TreeRow(
            one.entity.title,
            one.entity.ref.page_path,
            one.depth,
            one.entity.entity_ref == here.entity_ref,
        )
        for one in tree
    ]


def has_tree(service: OrgService, group: Entity) -> bool:
    """Whether a group has a parent or children."""
    return bool(service.list_above(group)) or len(service.list_below(group)) > 1


def _build_links(catalog: CatalogReader, entity: Entity, relation: str) -> list[ProfileLink]:
    return [
        ProfileLink(one.title, one.ref.page_path, one.exists)
        for one in catalog.list_related(entity, relation)
    ]


def _build_member(person: Person) -> MemberRow:
    profile = person.entity.profile if person.entity else {}
    return MemberRow(
        person.title,
        person.ref.page_path,
        person.entity is not None,
        _abbreviate(person.title),
        _find_picture(profile),
        _read_email(profile),
        person.entity.description if person.entity else "",
    )


def _abbreviate(title: str) -> str:
    words = [word for word in title.replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:_INITIALS]).upper() or "?"


def _find_picture(profile: Mapping[str, Any]) -> str:
    """The picture, if it is on this site, an https address, or an inline image."""
    picture = profile.get("picture")
    if not isinstance(picture, str):
        return ""
    is_own = picture.startswith("/") and not picture.startswith("//")
    is_web = urlsplit(picture).scheme == "https"
    is_image = picture.startswith("data:image/")
    return picture if is_own or is_web or is_image else ""


def _read_email(profile: Mapping[str, Any]) -> str:
    email = profile.get("email")
    return email if isinstance(email, str) and "@" in email else ""
