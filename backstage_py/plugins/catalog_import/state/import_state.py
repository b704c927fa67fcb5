"""The steps of registering a location, and the locations that are registered."""

import asyncio
import logging
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import (
    CATALOG_LOCATION_ANALYZE,
    CATALOG_LOCATION_CREATE,
    CATALOG_LOCATION_DELETE,
    CATALOG_LOCATION_READ,
    access,
    use_analytics,
)
from backstage_py.plugins.catalog.api import CatalogError, capture, get_registrations
from backstage_py.plugins.catalog_import.rows import (
    FoundEntity,
    LocationRow,
    build_found,
    build_locations,
)
from backstage_py.portal.database import NO_ANSWER, answer_of, when_database_answers
from backstage_py.portal.session import current_user
from backstage_py.portal.slow_work import TooBusyError, fetching

_logger = logging.getLogger(__name__)


@access(CATALOG_LOCATION_READ)
class CatalogImportState(rx.State):
    """The state of the page: the location, and the result."""

    step: rx.Field[str] = rx.field("select")
    type: rx.Field[str] = rx.field("url")
    target: rx.Field[str] = rx.field("")
    found: rx.Field[list[FoundEntity]] = rx.field(default_factory=list)
    problems: rx.Field[list[str]] = rx.field(default_factory=list)
    locations: rx.Field[list[LocationRow]] = rx.field(default_factory=list)
    is_readonly: rx.Field[bool] = rx.field(False)
    is_busy: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self) -> None:
        """Start over."""
        self.step, self.found, self.problems = "select", [], []
        self.is_readonly = get_registrations().readonly
        await self._show_locations()

    @rx.event
    def choose_type(self, type_: str) -> None:
        """Choose the type of the location."""
        self.type = type_
        self.problems = []

    @rx.event
    @access(CATALOG_LOCATION_ANALYZE)
    async def analyze(self, form: dict[str, Any]) -> Any:
        """Preview the location without registering it."""
        self.target = str(form.get("target", "")).strip()
        self.problems = []
        if not self.target:
            self.problems = ["Say where the descriptor is."]
            return
        self.is_busy = True
        yield
        try:
            preview = await fetching.run(
                current_user(self), get_registrations().preview, self.type, self.target
            )
        except TooBusyError as error:
            self.problems = [str(error)]
            return
        finally:
            self.is_busy = False
        self.problems = [error.message for error in preview.errors]
        self.found = build_found(preview)
        if self.found:
            self.step = "review"
        elif not self.problems:
            self.problems = ["There is no entity in it."]

    @rx.event
    def back(self) -> None:
        """Choose another location."""
        self.step, self.found, self.problems = "select", [], []

    @rx.event
    @access(CATALOG_LOCATION_CREATE)
    async def register(self) -> Any:
        """Register the location."""
        use_analytics().capture_event("click", "import entity")
        user = current_user(self)
        if not user:
            self.problems = ["Sign in first."]
            return
        self.is_busy = True
        yield
        try:
            await fetching.run(
                user, get_registrations().register, self.type, self.target, user=user
            )
        except (CatalogError, TooBusyError) as error:
            self.problems = [str(error)]
        except SQLAlchemyError as error:
            _logger.warning("Nothing is registered: %s", error)
            self.problems = [NO_ANSWER]
        else:
            capture("register", f"{self.type}:{self.target}")
            self.step, self.problems = "finish", []
            await self._show_locations()
        finally:
            self.is_busy = False

    @rx.event
    @access(CATALOG_LOCATION_DELETE)
    @when_database_answers
    async def unregister(self, location_id: str) -> Any:
        """Unregister a location, with the entities that came from it alone."""
        if not current_user(self):
            return rx.toast.error("Sign in first.")
        name = next((one.location for one in self.locations if one.id == location_id), location_id)
        try:
            await asyncio.to_thread(get_registrations().unregister, location_id)
        except CatalogError as error:
            return rx.toast.error(str(error))
        capture("unregister", name)
        await self._show_locations()
        return rx.toast.success("The location is unregistered.")

    async def _show_locations(self) -> None:
        registrations = get_registrations()
        locations = await asyncio.to_thread(answer_of, registrations.list)
        if locations is None:
            self.problems = [NO_ANSWER]
            return
        self.locations = build_locations(
            [(one, len(registrations.list_entities(one))) for one in locations]
        )
