"""The cards of people and teams on their entity pages."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.org.components.avatar import avatar
from backstage_py.plugins.org.rows import MemberRow, OwnedRow, ProfileLink, TreeRow
from backstage_py.plugins.org.state.org_state import OrgState
from backstage_py.portal.components import field, info_card, link, markdown


def group_profile_card() -> Component:
    """A group's profile, with its parent and child groups."""
    profile = OrgState.profile
    return info_card(
        profile.title,
        _head(),
        rx.el.dl(
            field("Email", rx.cond(profile.email, _mail(), "No email")),
            field("Parent group", rx.cond(profile.above, _links(profile.above), "None")),
            field("Child groups", rx.cond(profile.below, _links(profile.below), "None")),
            class_name="bp-fields",
        ),
    )


def user_profile_card() -> Component:
    """A user's profile, with their groups."""
    profile = OrgState.profile
    return info_card(
        profile.title,
        _head(),
        rx.el.dl(
            field("Email", rx.cond(profile.email, _mail(), "No email")),
            field("Groups", rx.cond(profile.above, _links(profile.above), "None")),
            class_name="bp-fields",
        ),
    )


def members_card() -> Component:
    """The members of a group."""
    title = rx.cond(
        OrgState.pages > 1,
        f"Members ({OrgState.member_count}, page {OrgState.page + 1} of {OrgState.pages})",
        f"Members ({OrgState.member_count})",
    )
    nothing = rx.cond(
        OrgState.text, "No one here has that name.", "This group has no members of its own."
    )
    people = rx.el.ul(rx.foreach(OrgState.members, _member), class_name="bp-org-people")
    return info_card(
        title,
        rx.el.div(
            rx.debounce_input(
                rx.el.input(
                    type="search",
                    placeholder="Search members",
                    aria_label="Search members",
                    value=OrgState.text,
                    on_change=OrgState.search_members,
                ),
                debounce_timeout=200,
            ),
            _switch(
                "Aggregated",
                is_on=OrgState.are_members_aggregated,
                on_click=OrgState.aggregate_members,
            ),
            class_name="bp-card-tools",
        ),
        rx.cond(OrgState.members, people, rx.el.p(nothing, class_name="bp-muted")),
        rx.el.div(
            _turn("Previous", -1, disabled=OrgState.page == 0),
            _turn("Next", 1, disabled=OrgState.page + 1 >= OrgState.pages),
            class_name="bp-actions",
            hidden=OrgState.pages < 2,  # ruff: ignore[magic-value-comparison]
        ),
    )


def ownership_card() -> Component:
    """The number of entities that a group or user owns, by kind and type."""
    boxes = rx.el.ul(rx.foreach(OrgState.owned, _owned), class_name="bp-org-owned")
    return info_card(
        "Ownership",
        rx.el.div(
            _switch(
                "Aggregated",
                is_on=OrgState.is_ownership_aggregated,
                on_click=OrgState.aggregate_ownership,
            ),
            class_name="bp-card-tools",
        ),
        rx.cond(OrgState.owned, boxes, rx.el.p("Nothing is owned here.", class_name="bp-muted")),
    )


def hierarchy_card() -> Component:
    """The tree of groups that a group belongs to."""
    return info_card(
        "Hierarchy", rx.el.ul(rx.foreach(OrgState.tree, _tree_group), class_name="bp-org-tree")
    )


def has_hierarchy() -> rx.Var[bool]:
    """Whether the group shown has a parent or children."""
    return OrgState.tree.length() > 0


def _head() -> Component:
    profile = OrgState.profile
    return rx.el.div(
        avatar(profile.picture, profile.initials, class_name="bp-avatar-picture bp-large"),
        rx.cond(
            profile.description,
            markdown(profile.description),
            rx.el.p("No description", class_name="bp-muted"),
        ),
        class_name="bp-profile-head",
    )


def _mail() -> Component:
    return link(OrgState.profile.email, to=f"mailto:{OrgState.profile.email}")


def _links(links: rx.Var[list[ProfileLink]]) -> Component:
    return rx.el.span(rx.foreach(links, _link), class_name="bp-chips")


def _link(one: ObjectVar[ProfileLink]) -> Component:
    missing = rx.el.span(one.title, class_name="bp-muted", title="Not in the catalog")
    return rx.cond(one.exists, link(one.title, to=one.path), missing)


def _member(row: ObjectVar[MemberRow]) -> Component:
    missing = rx.el.span(row.title, class_name="bp-muted", title="Not in the catalog")
    return rx.el.li(
        avatar(row.picture, row.initials),
        rx.el.div(
            rx.cond(row.exists, link(row.title, to=row.path), missing),
            rx.cond(row.email, rx.el.span(row.email, class_name="bp-muted")),
            rx.cond(row.description, rx.el.span(row.description, class_name="bp-clamp")),
        ),
        key=row.path,
    )


def _owned(row: ObjectVar[OwnedRow]) -> Component:
    return rx.el.li(
        link(
            rx.el.strong(row.count),
            rx.el.span(row.label),
            to=row.path,
            class_name="bp-card bp-tile",
        ),
        key=row.label,
    )


def _tree_group(row: ObjectVar[TreeRow]) -> Component:
    return rx.el.li(
        link(row.title, to=row.path, aria_current=rx.cond(row.is_here, "page", "false")),
        style={"--depth": row.depth},
        key=row.path,
    )


def _switch(text: str, *, is_on: rx.Var[bool], on_click: Any) -> Component:
    return rx.el.button(
        text,
        type="button",
        role="switch",
        aria_checked=is_on,
        class_name="bp-switch",
        on_click=on_click,
    )


def _turn(text: str, pages: int, *, disabled: rx.Var[bool]) -> Component:
    return rx.el.button(
        text,
        type="button",
        class_name="bp-button",
        disabled=disabled,
        on_click=OrgState.turn(pages),
    )
