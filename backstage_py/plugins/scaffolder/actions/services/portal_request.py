"""`http:backstage:request`, after RoadieHQ's `scaffolder-backend-module-http-request`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import orjson

from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.actions.services.service_api import send
from backstage_py.plugins.scaffolder.errors import ActionError

_PATH = re.compile(r"/?(api/)?[A-Za-z0-9._~!$&'()+,;=:@%/-]*(\?[^#\s\\]*)?")
_HEADERS = frozenset({"accept", "accept-language", "authorization", "content-type"})
"""The headers that a step may set. Others could fake the user of a proxy's sign-in."""


@dataclass(frozen=True, slots=True)
class PortalRequest:
    """Calls the portal's own API, anonymously unless the step has a token.

    `base` is the portal's address for itself; paths cannot lead elsewhere.
    """

    base: str

    def run(self, context: ActionContext) -> Mapping[str, Any]:
        """Send the request."""
        address = self._find_address(context)
        method = context.text("method") or "GET"
        context.log(f"{method} {address.removeprefix(self.base)}")
        headers = _read_headers(context.input.get("headers") or {})
        answer = send(method, address, headers, context.input.get("body"), name="the portal")
        body = _read_body(answer.data)
        if context.input.get("logResponse"):
            context.log(orjson.dumps({"code": answer.status, "body": body}).decode())
        is_good = HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
        if not is_good and not context.input.get("continueOnBadResponse"):
            raise ActionError(f"the portal answers {answer.status} to {method} {address}")
        return {"code": answer.status, "headers": dict(answer.headers), "body": body}

    def _find_address(self, context: ActionContext) -> str:
        path = context.text("path")
        if not self.base:
            raise ActionError("backend.baseUrl: give the portal's address in app-config.yaml")
        leads_out = path.startswith("//") or "://" in path or ".." in path.split("/")
        if leads_out or not _PATH.fullmatch(path):
            raise ActionError(
                f"path: {path[:80]!r} must be a path of the portal, as /api/catalog/entities"
            )
        whole = path.lstrip("/")
        whole = whole if whole.startswith("api/") else f"api/{whole}"
        query = urlencode(context.input.get("params") or {}, doseq=True)
        mark = "&" if "?" in whole else "?"
        return f"{self.base.rstrip('/')}/{whole}{mark if query else ''}{query}"


def _read_headers(given: Mapping[str, Any]) -> dict[str, str]:
    headers = {str(name): str(value) for name, value in given.items()}
    for name, value in headers.items():
        if name.lower() not in _HEADERS:
            raise ActionError(f"headers: use {', '.join(sorted(_HEADERS))}, not {name[:80]!r}")
        if re.search(r"[\r\n\0]", value):
            raise ActionError(f"headers: the value of {name} must be one line")
    return headers


def _read_body(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return {"message": data.decode(errors="replace")}
