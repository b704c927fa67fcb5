"""The frame that AsyncAPI definitions are drawn in (S7)."""

import base64
import hashlib
import re

from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.plugins.api_docs.routes import ASYNCAPI_FRAME, definition_routes


def test_the_frame_may_run_its_own_script_and_reach_nobody() -> None:
    answer = TestClient(Starlette(routes=definition_routes())).get(ASYNCAPI_FRAME)

    policy = dict(
        one.split(" ", 1) for one in answer.headers["content-security-policy"].split("; ")
    )
    [script] = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy["sandbox"] == "allow-scripts"
    assert policy["default-src"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == f"'unsafe-eval' 'sha256-{digest}'"
    assert not {"connect-src", "frame-src", "worker-src"} & policy.keys()
