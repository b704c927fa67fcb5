"""The signed-in user. The server decides who it is, from the headers of the request."""

from collections.abc import Generator
from typing import Any

import reflex as rx
from reflex.state import BaseState, State

from backstage_py.analytics import PERMISSIONS, PUBLIC, Refusal, access, get_recorder


def current_user(state: rx.State) -> str:
    """Return the entity ref of the running handler's user; empty for anonymous."""
    return get_recorder().identify(state.router.headers.raw_headers) or ""


def require_permission(state: rx.State, permission: str, resource: str | None = None) -> str | None:
    """The message if the running handler's user may not do something; None if they may.

    For checks that a handler can't declare: with `resource`, the entity in question.
    """
    user = current_user(state) or None
    if get_recorder().may(user, permission, resource):
        return None
    return Refusal(permission if user else None).message


def may(permission: str) -> rx.Var[bool]:
    """Whether pages show parts that need a permission; True until the user is known."""
    return ~SessionState.is_known | SessionState.permissions.contains(permission)


@access(PUBLIC)
class SessionState(rx.State):
    """The signed-in user, as the shell shows them."""

    user: rx.Field[str] = rx.field("")
    is_shared: rx.Field[bool] = rx.field(True)
    is_known: rx.Field[bool] = rx.field(False)
    permissions: rx.Field[list[str]] = rx.field(default_factory=list)
    _holder: str | None = None  # the user of the tab's last event; empty for anonymous

    @rx.var
    def display_name(self) -> str:
        """The name part of the user's entity ref."""
        return self.user.rpartition("/")[2] or "Not signed in"

    @rx.event
    def load(self) -> None:
        """Find out who is signed in."""
        self.user = current_user(self)
        self.is_shared = not self.user or get_recorder().is_shared(self.user)
        recorder, user = get_recorder(), self.user or None
        self.permissions = [one for one in PERMISSIONS if recorder.may(user, one)]
        self.is_known = True

    async def _keep_to(self, user: str) -> None:
        """Reset the tab's data if it belongs to another user, as after signing out and in again."""
        if self._holder == user:
            return
        if self._holder is not None:
            root: Any = self._get_root_state()
            is_hydrated = root.is_hydrated
            for cls in _list_states(State):
                await root.get_state(cls)
            root.reset()
            root.is_hydrated = is_hydrated
        self._holder = user


def _list_states(state: type[BaseState]) -> Generator[type[BaseState]]:
    for child in state.get_substates():
        yield child
        yield from _list_states(child)
