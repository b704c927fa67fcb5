"""Instruments the bodies of `@rx.memo` components, which are not part of any page.

Reflex compiles a memo's body separately from the pages that use it, without passing it to plugins.
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
