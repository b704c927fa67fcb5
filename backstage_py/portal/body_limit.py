"""Limits the size of every request's body, whatever reads it."""

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 17 * 1024 * 1024
"""The limit for any request: a little more than the largest that a route of ours accepts."""


class _TooLargeError(HTTPException):
    """The body is larger than the limit; Starlette turns this into the answer."""

    def __init__(self, most: int) -> None:
        super().__init__(413, f"body: must have at most {most} bytes")


class BodyLimit:
    """ASGI middleware that stops reading a body once it is larger than any route accepts.

    Args:
        app: The wrapped app.
        most: The maximum size of a body in bytes.
    """

    def __init__(self, app: ASGIApp, most: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or refuse it with 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        count, has_begun = 0, False

        async def receive_some() -> Message:
            nonlocal count
            message = await receive()
            count += len(message.get("body", b""))
            if count > self._most:
                raise _TooLargeError(self._most)
            return message

        async def send_on(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive_some, send_on)
        except _TooLargeError as error:
            if not has_begun:
                await PlainTextResponse(error.detail, error.status_code)(scope, receive, send)
