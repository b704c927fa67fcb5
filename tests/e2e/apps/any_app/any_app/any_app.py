"""Pages in the manner of Reflex's dashboard template, a state, and routes of every kind."""

from collections.abc import Callable

import reflex as rx

from backstage_py.analytics import use_analytics

BY_A_SCRIPT = "history.pushState({}, '', '/about?x=1')"

Page = Callable[[], rx.Component]


class Orders(rx.State):
    """The ordered books."""

    count: rx.Field[int] = rx.field(0)

    @rx.event
    def order(self, book: str) -> None:
        use_analytics().capture_event("order", book)
        self.count += 1

    @rx.event
    def leave(self) -> rx.event.EventType[()]:
        return rx.redirect("/about")


def template(route: str) -> Callable[[Page], Page]:
    """Puts a page into the frame that all of them have, as Reflex's templates do."""

    def decorate(page_content: Page) -> Page:
        def templated_page() -> rx.Component:
            return rx.container(rx.link("Start", href="/"), page_content())

        @rx.page(route=route)
        def theme_wrap() -> rx.Component:
            return rx.theme(templated_page())

        return theme_wrap

    return decorate


@template("/")
def shop() -> rx.Component:
    return rx.fragment(
        rx.heading("Shop"),
        rx.link("About us", href="/about"),
        rx.link("A guide", href="/guide/first/steps"),
        rx.button("Order", on_click=Orders.order("978-1")),
        rx.text(f"{Orders.count} ordered"),
        rx.button("By a script", on_click=rx.call_script(BY_A_SCRIPT)),
    )


@template("/about")
def about() -> rx.Component:
    return rx.fragment(rx.heading("About us"), rx.link("Our shop", href="/"))


@template("/guide/[[...splat]]")
def guide() -> rx.Component:
    return rx.fragment(rx.heading("Guide"))


@template("/books/[isbn]")
def book() -> rx.Component:
    return rx.fragment(rx.heading("Book"), rx.link("A guide", href="/guide"))


@rx.page(route="/leave", on_load=Orders.leave)
def leaving() -> rx.Component:
    return rx.text("On the way")


app = rx.App()
