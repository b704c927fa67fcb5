"""The profile of the user."""

import reflex as rx

from backstage_py.analytics import SIGNED_IN, access
from backstage_py.plugins.catalog.api import get_catalog
from backstage_py.plugins.settings.rows import Profile, build_profile
from backstage_py.portal.session import current_user


@access(SIGNED_IN)
class ProfileState(rx.State):
    """The person's profile, from the catalog."""

    profile: rx.Field[Profile] = rx.field(default_factory=Profile)
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Look the person up."""
        user = current_user(self)
        self.profile = build_profile(get_catalog(), user)
        self.is_loaded = True
