"""GitHub and GitLab, which identify people through their own APIs."""

from collections.abc import Mapping
from typing import Any

import httpx2

from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.profile import Profile
from backstage_py.plugins.auth.providers.oauth import OAuthFlow
from backstage_py.plugins.auth.providers.provider import About, Arrival, Beginning
from backstage_py.plugins.auth.settings import GithubSettings, GitlabSettings


class GithubProvider:
    """GitHub or GitHub Enterprise."""

    def __init__(
        self,
        about: About,
        settings: GithubSettings,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.about = about
        self.callback_url = settings.callback_url
        own = (settings.enterprise_instance_url or "").rstrip("/")
        self._site = own or "https://github.com"
        self._api = f"{own}/api/v3" if own else "https://api.github.com"
        self._flow = OAuthFlow(settings, ("read:user", "user:email"), transport=transport)

    def authorize_url(self, beginning: Beginning) -> str:
        """The address to send the browser to."""
        return self._flow.authorize_url(f"{self._site}/login/oauth/authorize", beginning)

    def finish(self, answer: Mapping[str, str], beginning: Beginning) -> Arrival:
        """Exchange the code, and ask the API for the profile."""
        endpoint = f"{self._site}/login/oauth/access_token"
        token = self._flow.exchange(endpoint, answer, beginning)["access_token"]
        user = _require_user(self._flow.get_json(f"{self._api}/user", token), "login")
        emails = self._flow.get_json(f"{self._api}/user/emails", token)
        return Arrival(
            Profile(
                provider=self.about.id,
                subject=str(user["id"]),
                email=_primary(emails),
                username=user["login"],
                display_name=str(user.get("name") or ""),
                claims=user,
            )
        )

    def sign_out_url(self, id_token: str, back: str) -> str | None:  # ruff: ignore[unused-method-argument]
        """None, since GitHub does not offer it."""
        return None


class GitlabProvider:
    """gitlab.com or a self-hosted GitLab."""

    def __init__(
        self,
        about: About,
        settings: GitlabSettings,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.about = about
        self.callback_url = settings.callback_url
        self._site = settings.audience.rstrip("/")
        self._flow = OAuthFlow(settings, ("read_user",), transport=transport)

    def authorize_url(self, beginning: Beginning) -> str:
        """The address to send the browser to."""
        return self._flow.authorize_url(f"{self._site}/oauth/authorize", beginning)

    def finish(self, answer: Mapping[str, str], beginning: Beginning) -> Arrival:
        """Exchange the code, and ask the API; only a confirmed email address counts."""
        token = self._flow.exchange(f"{self._site}/oauth/token", answer, beginning)["access_token"]
        user = _require_user(self._flow.get_json(f"{self._site}/api/v4/user", token), "username")
        email = user.get("email") if user.get("confirmed_at") else None
        return Arrival(
            Profile(
                provider=self.about.id,
                subject=str(user["id"]),
                email=email if isinstance(email, str) else "",
                username=user["username"],
                display_name=str(user.get("name") or ""),
                claims=user,
            )
        )

    def sign_out_url(self, id_token: str, back: str) -> str | None:  # ruff: ignore[unused-method-argument]
        """None, since GitLab does not offer it."""
        return None


def _require_user(value: Any, name_key: str) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not isinstance(value.get(name_key), str) or "id" not in value:
        raise SignInError(Reason.INVALID, cause="the API does not say who it is")
    return value


def _primary(emails: Any) -> str:
    """The verified primary email address: anybody can add others that they know."""
    rows = [one for one in emails if isinstance(one, dict)] if isinstance(emails, list) else []
    found = [one.get("email") for one in rows if one.get("primary") and one.get("verified") is True]
    return found[0] if found and isinstance(found[0], str) else ""
