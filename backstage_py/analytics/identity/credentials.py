"""What the API token of a request allows.

The app's middleware verifies the token and sets its credentials for the request; code that
checks a permission asks `current_credentials` besides the user. Requests with only a session, and
the websocket, have none.
"""

import contextlib
from collections.abc import Generator
from contextvars import ContextVar
from dataclasses import dataclass

ALL_PERMISSIONS = "*"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A verified API token: the user it acts for, and its scopes.

    Args:
        subject: The entity ref of the person whose token it is, or `external:NAME` of a service.
        scopes: Names of permissions; `catalog.*` means all with that prefix, `*` means all.
    """

    subject: str
    scopes: frozenset[str]

    @property
    def is_service(self) -> bool:
        """Whether the token acts for a program, which has no roles: only the scopes decide."""
        return self.subject.startswith("external:")

    def allows(self, permission: str) -> bool:
        """Whether the scopes include the permission."""
        return any(_covers(scope, permission) for scope in self.scopes)


def current_credentials() -> Credentials | None:
    """The credentials of the API token of the running request, or None without one."""
    return _current.get()


@contextlib.contextmanager
def using_credentials(credentials: Credentials) -> Generator[None]:
    """Use them inside the `with` block, including in threads started by `to_thread`."""
    token = _current.set(credentials)
    try:
        yield
    finally:
        _current.reset(token)


_current: ContextVar[Credentials | None] = ContextVar("credentials", default=None)


def _covers(scope: str, permission: str) -> bool:
    if scope.endswith("*"):
        return permission.startswith(scope.removesuffix("*"))
    return scope == permission
