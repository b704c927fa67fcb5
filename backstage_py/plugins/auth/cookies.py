"""The cookies of signing in; scripts cannot read them, and forms of other sites do not send them.

Behind TLS they are `Secure`, and `__Host-` in the name keeps other hosts of the domain from
setting them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SESSION = "backstage_py_session"
BROWSER = "backstage_py_sign_in"
PROBLEM = "backstage_py_sign_in_problem"
_HOST = "__Host-"


@dataclass(frozen=True, slots=True)
class Cookies:
    """Makes cookies for a request over HTTPS or HTTP."""

    is_secure: bool

    def set(self, name: str, value: str, seconds: int) -> str:
        """The `Set-Cookie` that stores a value for `seconds`."""
        prefix, suffix = (_HOST, "; Secure") if self.is_secure else ("", "")
        return f"{prefix}{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}{suffix}"

    def clear(self, name: str) -> str:
        """The `Set-Cookie` that deletes it."""
        return self.set(name, "", 0)


def find_cookie(headers: Mapping[str, str], name: str) -> str:
    """The value of a cookie, preferably the `__Host-` one; empty if it is missing."""
    texts = [value for key, value in headers.items() if key.lower() == "cookie"]
    pairs = [pair.strip().partition("=") for text in texts for pair in text.split(";")]
    found = {key: value for key, _, value in pairs if value}
    return found.get(f"{_HOST}{name}") or found.get(name, "")
