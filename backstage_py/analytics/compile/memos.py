"""Instruments the bodies of `@rx.memo` components, which no page holds.

Reflex compiles a memo's body apart from the pages that use it, and its plugins are not
shown it.
"""

import copy
from dataclasses import replace

from reflex_base.components.memo import MEMOS, MemoComponentDefinition, _LazyBody

from backstage_py.analytics.compile.auto_capture import AutoCapture


def instrument_memos(capture: AutoCapture) -> None:
    """Put an instrumented body into each memo that will be compiled."""
    for key, definition in MEMOS.items():
        if isinstance(definition, MemoComponentDefinition):
            body = capture.instrument(definition.component, copy.copy)
            MEMOS[key] = replace(definition, _component=_LazyBody.ready(body))
