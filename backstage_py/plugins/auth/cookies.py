"""The cookies of signing in; scripts cannot read them, other sites cannot have them sent by a form.

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
    """Makes cookies for a request that came by HTTPS, or not."""

    is_secure: bool

    def set(self, name: str, value: str, seconds: int) -> str:
        """The `Set-Cookie` that keeps a value for so long."""
        prefix, suffix = (_HOST, "; Secure") if self.is_secure else ("", "")
        return f"{prefix}{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}{suffix}"

    def clear(self, name: str) -> str:
        """The `Set-Cookie` that ends it."""
        return self.set(name, "", 0)


def find_cookie(headers: Mapping[str, str], name: str) -> str:
    """The value of a cookie, the `__Host-` one before the other; empty without one."""
    texts = [value for key, value in headers.items() if key.lower() == "cookie"]
    pairs = [pair.strip().partition("=") for text in texts for pair in text.split(";")]
    found = {key: value for key, _, value in pairs if value}
    return found.get(f"{_HOST}{name}") or found.get(name, "")
