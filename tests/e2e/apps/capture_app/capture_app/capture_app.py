"""Captures in conditionals, matches, memos, dialogs, menus, loops and Python handlers."""

import asyncio

import reflex as rx
from reflex.vars import VarData

from backstage_py.analytics import (
    AnalyticsState,
    analytics_context,
    analytics_extension,
    analytics_link,
    use_analytics,
)
from backstage_py.portal.error_pages import error_boundary

analytics = use_analytics()


class Service(rx.State):
    """A service that can be deployed from Python."""

    name: rx.Field[str] = rx.field("ledger")
    replicas: rx.Field[int] = rx.field(3)
    mode: rx.Field[str] = rx.field("simple")
    zones: rx.Field[list[str]] = rx.field(default_factory=lambda: ["north", "south"])

    @rx.event
    def deploy(self, zone: str) -> None:
        use_analytics().capture_event("deploy", self.name, value=self.replicas)
        self.mode = zone

    @rx.event
    def announce(self) -> rx.event.EventType[()]:
        return Service.deploy_quietly

    @rx.event
    def deploy_quietly(self) -> None:
        use_analytics().capture_event("announce", self.name, attributes={"quiet": True})

    @rx.event(background=True)
    async def deploy_slowly(self) -> None:
        await asyncio.sleep(0)
        use_analytics().capture_event("deploy-slowly", self.name)

    @rx.event
    def break_capture(self) -> None:
        use_analytics().capture_event("", self.name, attributes={"bad": object()})
        self.mode = "survived"


@rx.memo
def memo_button(label: rx.Var[str]) -> rx.Component:
    return rx.box(
        rx.button(label, on_click=analytics.capture_event("press", label)),
        rx.link("A link in a memo", href="#memo"),
        rx.button("Python in a memo", on_click=Service.deploy("memo")),
    )


def zone_row(zone: rx.Var[str]) -> rx.Component:
    return analytics_context(
        rx.button(f"Deploy to {zone}", on_click=Service.deploy(zone)),
        rx.button(f"Inspect {zone}", on_click=analytics.capture_event("inspect", zone)),
        attributes={"zone": zone},
    )


def index() -> rx.Component:
    return rx.container(
        rx.text(Service.mode, id="mode"),
        analytics_context(
            rx.cond(
                Service.replicas > 1,
                rx.button("In a condition", on_click=analytics.capture_event("press", "cond")),
            ),
            rx.match(
                Service.name,
                (
                    "ledger",
                    rx.button("In a match", on_click=analytics.capture_event("press", "match")),
                ),
                rx.text("no match"),
            ),
            memo_button(label="In a memo"),
            rx.dialog.root(
                rx.dialog.trigger(rx.button("Open the dialog")),
                rx.dialog.content(
                    rx.dialog.title("Dialog"),
                    rx.dialog.description("A dialog"),
                    rx.button("In a dialog", on_click=analytics.capture_event("press", "dialog")),
                    rx.dialog.close(rx.button("Close the dialog")),
                ),
            ),
            rx.menu.root(
                rx.menu.trigger(rx.button("Open the menu")),
                rx.menu.content(
                    rx.menu.item("In a menu", on_select=analytics.capture_event("press", "menu")),
                ),
            ),
            rx.input(
                placeholder="Filter",
                on_change=lambda text: analytics.capture_event("filter", text),
            ),
            rx.button(
                "With values",
                on_click=[
                    analytics.capture_event(
                        "scale",
                        Service.name,
                        value=Service.replicas,
                        attributes={"mode": Service.mode, "many": Service.replicas > 2},
                    ),
                    Service.announce,
                ],
            ),
            rx.button("Slowly", on_click=Service.deploy_slowly),
            rx.button("Break", on_click=Service.break_capture),
            rx.button("By the state", on_click=AnalyticsState.capture("vote", "state")),
            rx.foreach(Service.zones, zone_row),
            attributes={"service": Service.name},
        ),
    )


class Fuse(rx.State):
    """Breaks the page when it blows."""

    is_blown: rx.Field[bool] = rx.field(False)

    @rx.event
    def blow(self) -> None:
        self.is_blown = True


@rx.page(route="/fuse")
def fuse() -> rx.Component:
    hook = "const broken = (() => { throw new Error('the fuse is blown') })()"
    broken = rx.Var("broken", _var_data=VarData(hooks={hook: None}))
    return rx.container(
        error_boundary(
            rx.button("Blow", on_click=Fuse.blow),
            rx.cond(Fuse.is_blown, rx.text(broken)),
        ),
        rx.text("Still here"),
    )


class Faulty(rx.State):
    """Fails."""

    @rx.event
    def fail(self) -> None:
        raise LookupError("no such zone")


@rx.page(route="/faults")
def faults() -> rx.Component:
    return rx.container(
        rx.button(
            "Fail in the browser",
            on_click=rx.call_script("Promise.reject(new RangeError('no such zone'))"),
        ),
        rx.button("Fail in Python", on_click=Faulty.fail),
    )


@rx.page(route="/links")
def links() -> rx.Component:
    return rx.container(
        analytics_link("A script", to="javascript:document.title='run'"),
        analytics_link("A disguise", to=" java\tscript:document.title='run'"),
        analytics_link("Another site", to="https://other.invalid/docs"),
        analytics_link("Quiet", to="/", no_track=True),
        rx.link("Gathering", href="/gathering"),
        rx.link(rx.icon("star", aria_label="Favourites"), href="/links?icon=1"),
    )


class Pick(rx.State):
    """Which of two plugins is shown on a page that gathers both."""

    is_left: rx.Field[bool] = rx.field(True)


@rx.page(route="/gathering")
def gathering() -> rx.Component:
    left = analytics_extension(rx.text("left"), plugin_id="left", name="Left", route_ref="left")
    right = analytics_extension(
        rx.text("right"), plugin_id="right", name="Right", route_ref="right"
    )
    return rx.container(rx.cond(Pick.is_left, left, right), rx.link("To the links", href="/links"))


app = rx.App()
app.add_page(index)
