"""The child process that renders: `python -m backstage_py.plugins.scaffolder.expressions...`.

It reads a JSON request per line and writes a JSON answer per line. It has no secrets in its
environment, little memory, and opens no file; whoever started it ends it when it takes too long.
"""

import json
import resource
import sys
from typing import Any

from backstage_py.plugins.scaffolder.errors import ExpressionError
from backstage_py.plugins.scaffolder.expressions.members import MISSING
from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer

MAX_MEMORY_BYTES = 768 * 1024 * 1024
MAX_CPU_SECONDS = 300


def answer(renderer: DirectRenderer, request: dict[str, Any]) -> dict[str, Any]:
    """Render what a request asks for: `{"value"}`, or `{"text", "options"}` of a file."""
    try:
        if "text" in request:
            context, options = request["context"], request["options"]
            return {"value": renderer.render_file(request["text"], context, **options)}
        value = renderer.render(request["value"], request["context"])
    except ExpressionError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "an expression takes too much memory"}
    return {} if value is MISSING else {"value": value}


def serve() -> None:
    """Answer requests until there are no more; the first line says that it is ready."""
    _limit_resources()
    renderer = DirectRenderer()
    _say({})
    for line in sys.stdin:
        _say(answer(renderer, json.loads(line)))


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _limit_resources() -> None:
    limits = {
        resource.RLIMIT_AS: MAX_MEMORY_BYTES,
        resource.RLIMIT_CPU: MAX_CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    serve()
