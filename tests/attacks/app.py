"""The portal without its pages, for attackers who need none: users name themselves by a header.

`python -m tests.attacks.app PORT` serves it; `X-Test-User` replaces signing in.
"""

import asyncio
import os
import sys
from collections.abc import Mapping

from granian.constants import Interfaces
from granian.server.embed import Server


class HeaderIdentity:
    """Believes the header `X-Test-User`."""

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The user it names."""
        return next((v for k, v in headers.items() if k.lower() == "x-test-user"), None)


def main(port: int) -> None:
    os.environ["__REFLEX_SKIP_COMPILE"] = "true"
    os.environ["REFLEX_ENV_MODE"] = "prod"
    os.environ["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"] = "true"  # one port, as in production
    from backstage_py.analytics import get_runtime, use_identity

    get_runtime()
    del os.environ["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"]  # the pages are not needed
    import backstage_py.backstage_py as portal

    app = portal.app()  # building it names its own identity
    use_identity(HeaderIdentity())
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    asyncio.run(server.serve())


if __name__ == "__main__":
    main(int(sys.argv[1]))
