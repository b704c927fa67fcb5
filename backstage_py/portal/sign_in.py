"""The sign-in page: one card per provider."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.portal.auth_components import PostForm


def sign_in_page(*, title: str) -> Component:
    """Offers the guest provider; others stand beside it."""
    return rx.el.main(
        rx.el.h1(title),
        rx.el.section(
            rx.el.h2("Guest"),
            rx.el.p("Enter as a guest. Your identity is not verified."),
            PostForm.create(
                rx.el.button("Enter", type="submit", class_name="bp-button bp-primary"),
                action="/api/auth/guest",
            ),
            class_name="bp-card",
        ),
        class_name="bp-sign-in",
    )
