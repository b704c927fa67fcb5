"""A person's choice to be recorded or not, for components that show it."""

from dataclasses import dataclass, field
from typing import Any

from reflex.vars import FunctionVar, Var, VarData
from reflex_base.vars.base import LiteralVar
from reflex_base.vars.function import ArgsFunctionOperation

from backstage_py.analytics.browser.modules import CHOICE_MODULE

_NAME = "analyticsConsent"
_DATA = VarData(
    hooks={f"const {_NAME} = useConsent()": None}, imports={CHOICE_MODULE: "useConsent"}
)


def _part(name: str, type_: type) -> Var[Any]:
    return Var(_js_expr=f"{_NAME}.{name}", _var_type=type_, _var_data=_DATA)


@dataclass(frozen=True)
class RecordingChoice:
    """The current choice of the person at this browser.

    `is_on`: whether they are recorded. `is_asked`: whether the owner wants an answer that they have
    not given yet. `has_signal`: whether their browser asks not to be tracked. `choice`: on, off,
    regardless (on despite the signal) or empty.
    """

    is_on: Var[bool] = field(default_factory=lambda: _part("isOn", bool))
    is_asked: Var[bool] = field(default_factory=lambda: _part("isAsked", bool))
    has_signal: Var[bool] = field(default_factory=lambda: _part("hasSignal", bool))
    choice: Var[str] = field(default_factory=lambda: _part("choice", str))

    def choose(self, *, is_on: bool | Var[bool]) -> Any:
        """Return an event handler that switches recording on or off, until it is changed again."""
        call = _part("choose", object).to(FunctionVar).call(LiteralVar.create(is_on))
        return ArgsFunctionOperation.create((), call)


def use_consent() -> RecordingChoice:
    """The choice of the person who sees the component."""
    return RecordingChoice()
