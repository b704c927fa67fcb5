"""The declaration of signing in. Source of the id: `@backstage/plugin-auth-backend`."""

from starlette.routing import Route

from backstage_py.analytics import load_config
from backstage_py.plugins.auth.http_api import AuthApi
from backstage_py.plugins.auth.pages.rights_tab import rights_tab
from backstage_py.plugins.auth.pages.sessions_tab import sessions_tab
from backstage_py.plugins.auth.pages.tokens_tab import tokens_tab
from backstage_py.plugins.auth.service import get_identity, get_problems, get_sign_in
from backstage_py.plugins.auth.state.rights_state import RightsState
from backstage_py.plugins.auth.state.sessions_state import SessionsState
from backstage_py.plugins.auth.state.tokens_state import TokensState
from backstage_py.plugins.auth.texts import text
from backstage_py.plugins.catalog.api import get_catalog
from backstage_py.plugins.settings.api import SETTINGS
from backstage_py.portal.plugin import ContentExtension, PortalPlugin
from backstage_py.ui.browser_module import stylesheet


def _api_routes() -> list[Route]:
    api = AuthApi(
        get_sign_in(),
        get_identity(),
        get_problems(),
        list_owners=lambda user: get_catalog().list_owner_refs(user),
        base_url=load_config().get_optional_string("app.baseUrl"),
    )
    return api.routes()


auth_plugin = PortalPlugin(
    id="auth",
    stylesheets=(stylesheet(__file__, "auth.css"),),
    contents=(
        ContentExtension(
            attach_to=SETTINGS,
            name="AuthSessions",
            path="/sessions",
            title=text("sessions"),
            content=sessions_tab,
            order=1,
            on_load=SessionsState.load,
        ),
        ContentExtension(
            attach_to=SETTINGS,
            name="AuthTokens",
            path="/tokens",
            title=text("tokens"),
            content=tokens_tab,
            order=1,
            on_load=TokensState.load,
        ),
        ContentExtension(
            attach_to=SETTINGS,
            name="AuthRights",
            path="/permissions",
            title=text("permissions"),
            content=rights_tab,
            order=1,
            on_load=RightsState.load,
        ),
    ),
    api_routes=_api_routes,
)
