"""A shop window of three cakes."""

import reflex as rx

from backstage_py.analytics import use_consent

CAKES = ["Honey cake", "Carrot cake", "Poppy-seed cake"]


class Shop(rx.State):
    """What has been ordered."""

    ordered: rx.Field[int] = rx.field(0)

    @rx.event
    def order(self) -> None:
        self.ordered += 1


def index() -> rx.Component:
    return rx.container(
        rx.heading("Cakes"),
        rx.list(rx.foreach(CAKES, cake_link)),
        rx.link("About us", href="/about"),
    )


def cake_link(cake: rx.Var[str]) -> rx.Component:
    return rx.list_item(rx.link(cake, href=f"/cakes/{cake}"))


@rx.page(route="/cakes/[cake]")
def cake_page() -> rx.Component:
    return rx.container(
        rx.heading("A cake"),
        rx.button("Order", on_click=Shop.order),
        rx.text(f"{Shop.ordered} ordered", id="ordered"),
        rx.link("Back to the window", href="/", data_no_track=True),
    )


@rx.page(route="/about")
def about() -> rx.Component:
    return rx.container(
        rx.heading("About us"),
        rx.link("Write to us", href="mailto:cakes@example.com"),
        rx.link("Cakes", href="/"),
        recording_switch(),
    )


def recording_switch() -> rx.Component:
    """A person's say in whether they are recorded."""
    consent = use_consent()
    return rx.button(
        rx.cond(consent.is_on, "Stop recording my activity", "Record my activity"),
        on_click=consent.choose(is_on=~consent.is_on),
    )


app = rx.App()
app.add_page(index)
