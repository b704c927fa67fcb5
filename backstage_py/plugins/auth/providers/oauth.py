"""OAuth 2.0: authorization code with PKCE and state, by Authlib's client.

https://www.rfc-editor.org/rfc/rfc9700 (best current practice)
"""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.providers.provider import Beginning
from backstage_py.plugins.auth.settings import OAuthSettings

TIMEOUT_SECONDS = 10.0
_REFUSED = frozenset({"access_denied", "consent_required", "interaction_required"})


class OAuthFlow:
    """The two steps of the flow: redirect the browser, and exchange the code it returns.

    Args:
        settings: The client's id and secret.
        scopes: The requested scopes, before `additionalScopes`.
        auth_method: How the client authenticates at the token endpoint.
        transport: A replacement for tests.
    """

    def __init__(
        self,
        settings: OAuthSettings,
        scopes: Sequence[str],
        *,
        auth_method: str = "client_secret_post",
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._scope = " ".join(dict.fromkeys((*scopes, *settings.additional_scopes)))
        self._auth_method = auth_method
        self._transport = transport

    def authorize_url(self, endpoint: str, beginning: Beginning, **more: str) -> str:
        """The address to send the browser to."""
        with self._open(beginning) as client:
            url, _ = client.create_authorization_url(
                endpoint, state=beginning.state, code_verifier=beginning.verifier, **more
            )
        return url

    def exchange(
        self, endpoint: str, answer: Mapping[str, str], beginning: Beginning
    ) -> Mapping[str, Any]:
        """The tokens for the code of a response with the right state.

        Raises:
            SignInError: If the provider refused, the state is wrong, or the code is not accepted.
        """
        if error := answer.get("error"):
            reason = Reason.REFUSED if error in _REFUSED else Reason.BROKEN
            raise SignInError(reason, cause=f"{error} {answer.get('error_description', '')}")
        if not hmac.compare_digest(answer.get("state", ""), beginning.state):
            raise SignInError(Reason.EXPIRED, cause="the state is another")
        if not answer.get("code"):
            raise SignInError(Reason.INVALID, cause="the answer has no code")
        try:
            with self._open(beginning) as client:
                token = client.fetch_token(
                    endpoint,
                    grant_type="authorization_code",
                    code=answer["code"],
                    code_verifier=beginning.verifier,
                    redirect_uri=beginning.redirect_uri,
                )
        except OAuthError as error:
            reason = Reason.EXPIRED if error.error == "invalid_grant" else Reason.BROKEN
            raise SignInError(reason, cause=f"{error.error} {error.description}") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise SignInError(Reason.UNREACHABLE, cause=f"{endpoint}: {error!r}") from error
        if not isinstance(token.get("access_token"), str):
            raise SignInError(Reason.INVALID, cause="the answer has no access token")
        return token

    def get_json(self, url: str, access_token: str) -> Any:
        """The response of a provider's API about the person.

        Raises:
            SignInError: If it does not answer.
        """
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        try:
            with httpx2.Client(transport=self._transport, timeout=TIMEOUT_SECONDS) as client:
                answer = client.get(url, headers=headers)
                answer.raise_for_status()
                return answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise SignInError(Reason.UNREACHABLE, cause=f"{url}: {error!r}") from error

    def _open(self, beginning: Beginning) -> Any:
        return OAuth2Client(
            client_id=self._settings.client_id,
            client_secret=self._settings.client_secret.get_secret_value(),
            token_endpoint_auth_method=self._auth_method,
            scope=self._scope,
            redirect_uri=beginning.redirect_uri,
            code_challenge_method="S256",
            transport=self._transport,
            timeout=TIMEOUT_SECONDS,
        )
