"""Who is signed in, as the shell shows it. The server decides it, from the request."""

import reflex as rx

from backstage_py.analytics import get_recorder


class SessionState(rx.State):
    """The signed-in user."""

    user: rx.Field[str] = rx.field("")
    is_known: rx.Field[bool] = rx.field(False)

    @rx.var
    def display_name(self) -> str:
        """The name part of the user's entity ref."""
        return self.user.rpartition("/")[2] or "Not signed in"

    @rx.event
    def load(self) -> None:
        """Find out who it is."""
        self.user = get_recorder().identify(self.router.headers.raw_headers) or ""
        self.is_known = True
