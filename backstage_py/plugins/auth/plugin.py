"""The declaration of signing in. Source of the id: `@backstage/plugin-auth-backend`."""

from starlette.routing import Route

from backstage_py.analytics import load_config
from backstage_py.plugins.auth.http_api import AuthApi
from backstage_py.plugins.auth.service import get_identity, get_problems, get_sign_in
from backstage_py.plugins.catalog.api import get_catalog
from backstage_py.portal.plugin import PortalPlugin


def _api_routes() -> list[Route]:
    api = AuthApi(
        get_sign_in(),
        get_identity(),
        get_problems(),
        list_owners=lambda user: get_catalog().list_owner_refs(user),
        base_url=load_config().get_optional_string("app.baseUrl"),
    )
    return api.routes()


auth_plugin = PortalPlugin(id="auth", api_routes=_api_routes)
