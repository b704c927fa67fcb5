"""A person's own API tokens."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SIGNED_IN, access, get_recorder, utc_now
from backstage_py.plugins.auth.errors import TokenError
from backstage_py.plugins.auth.rows import ApiTokenRow, PermissionRow, build_token, list_permissions
from backstage_py.plugins.auth.service import get_api_tokens
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

PERMISSION_FIELD = "permission:"
"""The prefix of the checkboxes' names."""


@access(SIGNED_IN)
class TokensState(rx.State):
    """The tokens, and a newly created one, which is shown until the page is left."""

    rows: rx.Field[list[ApiTokenRow]] = rx.field(default_factory=list)
    grantable: rx.Field[list[PermissionRow]] = rx.field(default_factory=list)
    created: rx.Field[str] = rx.field("")
    problem: rx.Field[str] = rx.field("")
    is_shared: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_broken: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self) -> None:
        """Show them."""
        self.created = self.problem = ""
        await self._do(lambda _user: "")

    @rx.event
    async def create(self, form: dict[str, Any]) -> None:
        """Create a token from the form's values."""
        name, days = str(form.get("name", "")), str(form.get("days", ""))
        scopes = [
            key.removeprefix(PERMISSION_FIELD)
            for key, value in form.items()
            if key.startswith(PERMISSION_FIELD) and value
        ]
        count = int(days) if days.isdecimal() and len(days) < len("10000") else None
        await self._do(lambda user: get_api_tokens().create(name, user, scopes, days=count))

    @rx.event
    async def revoke(self, id_: str) -> None:
        """Revoke a token immediately."""

        def end(user: str) -> str:
            get_api_tokens().revoke(id_, subject=user)
            return ""

        await self._do(end)

    async def _do(self, change: Callable[[str], str]) -> None:
        user = current_user(self)
        self.is_shared = not user or get_recorder().is_shared(user)
        self.problem = self.created = ""
        self.is_broken = False
        try:
            if not self.is_shared:
                self.created = await asyncio.to_thread(change, user)
                await self._show(user)
        except TokenError as error:
            self.problem = str(error)
        except SQLAlchemyError as error:
            _logger.warning("API tokens cannot be read or changed: %s", error)
            self.is_broken = True
        self.is_loaded = True

    async def _show(self, user: str) -> None:
        found = await asyncio.to_thread(get_api_tokens().list_of, user)
        self.rows = [build_token(one, utc_now()) for one in found]
        self.grantable = list_permissions(user)
