"""Who the users are, by a header of the proxy that signs them in, as oauth2-proxy or Authelia.

Anybody who reaches the app can send such a header. It counts only beside a secret that the proxy
adds to each request, so that a request past the proxy is anonymous.

    identity = ProxyIdentity(os.environ["PROXY_SECRET"])
"""

import hmac
from collections.abc import Mapping

USER_HEADER = "remote-user"
PROOF_HEADER = "x-proxy-secret"


class ProxyIdentity:
    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("The proxy has no secret: every request could name a user")
        self._secret = secret.encode()

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The name of the user, which the library makes `user:default/NAME` of."""
        given = headers.get(PROOF_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            return None
        return headers.get(USER_HEADER) or None
