"""The child process that renders: `python -m backstage_py.plugins.scaffolder.expressions...`.

The first line it reads is a JSON list of extensions; then it answers each line, a request of
`engine.js`, with one. It has no secrets in its environment, little memory, and writes no file;
its parent ends it when it takes too long.
"""

import json
import resource
import sys
from typing import Any

from backstage_py.plugins.scaffolder.errors import ExpressionError
from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer

MAX_DATA_BYTES = 1024 * 1024 * 1024
"""The limit of memory written to; V8 reserves far more addresses than it uses."""
MAX_CPU_SECONDS = 300


def serve() -> None:
    """Answer requests until there are no more; the first answer says that it is ready."""
    _limit_resources()
    try:
        renderer = DirectRenderer(json.loads(sys.stdin.readline()))
    except ExpressionError as error:
        _say({"error": str(error)})
        return
    _say({})
    for line in sys.stdin:
        _say(_answer(renderer, json.loads(line)))


def _answer(renderer: DirectRenderer, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return dict(renderer.answer(request))
    except ExpressionError as error:
        return {"error": str(error)}


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _limit_resources() -> None:
    limits = {
        resource.RLIMIT_DATA: MAX_DATA_BYTES,
        resource.RLIMIT_CPU: MAX_CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    serve()
