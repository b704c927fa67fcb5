"""The public API of this plugin, for other plugins and the app."""

from backstage_py.plugins.auth.bearer import BearerTokens
from backstage_py.plugins.auth.errors import SignInError
from backstage_py.plugins.auth.pages.sign_in_page import sign_in_page
from backstage_py.plugins.auth.profile import Profile
from backstage_py.plugins.auth.resolvers import User, Users
from backstage_py.plugins.auth.service import (
    get_api_tokens,
    get_auth_settings,
    get_identity,
    get_sessions,
)

__all__ = [
    "BearerTokens",
    "Profile",
    "SignInError",
    "User",
    "Users",
    "get_api_tokens",
    "get_auth_settings",
    "get_identity",
    "get_sessions",
    "sign_in_page",
]
