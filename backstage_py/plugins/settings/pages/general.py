"""The first tab: profile, appearance and language."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.style import color_mode, set_color_mode
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import use_analytics
from backstage_py.plugins.settings.rows import EntityLink
from backstage_py.plugins.settings.state.profile_state import ProfileState
from backstage_py.plugins.settings.texts import text
from backstage_py.portal.auth_components import SignOutForm
from backstage_py.portal.components import field, info_card, link, skeleton_rows
from backstage_py.portal.language import LANGUAGES, choose_language, chosen_language
from backstage_py.portal.plugin import PageCard
from backstage_py.portal.session import SessionState
from backstage_py.portal.sidebar import THEMES, PinSwitch


def general(_cards: Sequence[PageCard], *, may_sign_out: bool) -> Component:
    """The first tab."""
    person = rx.el.div(
        _profile(may_sign_out=may_sign_out), _identity(), class_name="bp-settings-content-stack"
    )
    return rx.el.div(person, _appearance(), class_name="bp-grid")


def _profile(*, may_sign_out: bool) -> Component:
    profile = ProfileState.profile
    image = rx.el.img(src=profile.picture, alt="", custom_attrs={"referrerPolicy": "no-referrer"})
    picture = rx.el.span(
        rx.el.span(profile.initials, aria_hidden=True),
        rx.cond(profile.picture, image),
        class_name="bp-avatar-picture bp-large",
    )
    somebody = rx.fragment(
        rx.el.div(
            picture,
            rx.el.div(
                rx.el.strong(profile.name),
                rx.cond(
                    profile.email,
                    rx.el.p(link(profile.email, to=f"mailto:{profile.email}")),
                ),
            ),
            class_name="bp-profile-head",
        ),
        _sign_out() if may_sign_out else rx.cond(~SessionState.is_shared, _sign_out()),
    )
    nobody = rx.el.p(text("notSignedIn"), class_name="bp-muted")
    return info_card(
        text("profile"),
        rx.cond(ProfileState.is_loaded, rx.cond(profile.name, somebody, nobody), skeleton_rows(2)),
    )


def _sign_out() -> Component:
    """The sign-out button; as in Backstage, it captures its own `signOut` before the portal's."""
    button = rx.el.button(
        rx.icon("log-out", size=16, aria_hidden=True),
        text("signOut"),
        type="submit",
        on_click=use_analytics().capture_event("signOut", "success"),
        class_name="bp-button",
    )
    return SignOutForm.create(button)


def _identity() -> Component:
    profile = ProfileState.profile
    owners = rx.el.ul(
        rx.foreach(profile.owners, lambda owner: rx.el.li(_entity(owner))),
        class_name="bp-settings-chip-list",
    )
    shown = rx.el.dl(
        field(text("userEntity"), _entity(profile.user.to(EntityLink))),
        field(text("ownership"), owners, class_name="bp-field bp-wide"),
        class_name="bp-fields",
    )
    return info_card(
        text("identity"),
        rx.cond(
            ProfileState.is_loaded,
            rx.cond(profile.name, shown, rx.el.p(text("notSignedIn"), class_name="bp-muted")),
            skeleton_rows(2),
        ),
    )


def _entity(entity: ObjectVar[EntityLink]) -> Component:
    return rx.cond(
        entity.path,
        link(entity.title, to=entity.path, title=entity.ref),
        rx.el.code(entity.ref),
    )


def _appearance() -> Component:
    return info_card(
        text("appearance"),
        rx.el.div(
            _row(
                text("theme"),
                rx.el.div(
                    *(_theme(name) for name in THEMES),
                    role="group",
                    aria_label=text("theme"),
                    class_name="bp-settings-segments",
                ),
                text("themeHint"),
            ),
            *_language_setting(),
            rx.el.div(
                PinSwitch.create(label=text("pinSidebar")),
                rx.el.p(text("pinHint"), class_name="bp-hint"),
                class_name="bp-settings-setting bp-settings-desktop-only",
            ),
            class_name="bp-settings",
        ),
    )


def _language_setting() -> list[Component]:
    if len(LANGUAGES) == 1:
        return []
    return [_row(text("language"), _languages(), text("languageHint"))]


def _row(title: Any, control: Component, hint: Any) -> Component:
    return rx.el.div(
        rx.el.h3(title),
        control,
        rx.el.p(hint, class_name="bp-hint"),
        class_name="bp-settings-setting",
    )


def _theme(name: str) -> Component:
    mode = THEMES[name]
    return rx.el.button(
        text(name.lower()),
        type="button",
        aria_pressed=color_mode == mode,
        on_click=set_color_mode(mode),
    )


def _languages() -> Component:
    """A button for each language, labelled in that language."""
    own = [_language(tag, rx.el.span(name, lang=tag)) for tag, name in LANGUAGES.items()]
    return rx.el.div(
        _language("", text("browserLanguage")),
        *own,
        role="group",
        aria_label=text("language"),
        class_name="bp-settings-segments",
    )


def _language(tag: str, name: Any) -> Component:
    return rx.el.button(
        name,
        type="button",
        aria_pressed=chosen_language() == tag,
        on_click=choose_language(tag),
    )
