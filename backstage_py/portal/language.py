"""Texts in the languages of the people who read them.

A plugin keeps its texts in a file for each language, such as `messages/en.yaml`; the browser picks
the text by the person's setting or else by its own preference.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from reflex.vars import FunctionVar, Var, VarData
from reflex_base.utils.imports import ImportVar
from reflex_base.vars.base import LiteralVar
from reflex_base.vars.function import ArgsFunctionOperation
from reflex_base.vars.sequence import StringVar

from backstage_py.ui.browser_module import browser_module

LANGUAGES = {"en": "English"}
"""The languages that every page is available in; pages are prerendered in the first."""

_MODULE = browser_module(__file__, "language.js")
_NAME = "portalLanguage"


def _import(*names: str) -> dict[str, list[ImportVar]]:
    return {_MODULE: [ImportVar(tag=name, install=False) for name in names]}


_LANGUAGE = VarData(
    hooks={f"const {_NAME} = useLanguage({json.dumps(list(LANGUAGES))})": None},
    imports=_import("useLanguage"),
)
_CHOSEN = VarData(
    hooks={"const chosenLanguage = useChosenLanguage()": None},
    imports=_import("useChosenLanguage"),
)


class MessagesError(ValueError):
    """Texts that differ between languages; the message names the file and the fix."""


class Messages:
    """The texts of a plugin: `messages("title")` is the text in the viewer's language."""

    def __init__(self, folder: Path, languages: Iterable[str] = tuple(LANGUAGES)) -> None:
        """Read a file for each language.

        Raises:
            MessagesError: If a text is missing in one of them.
        """
        self._texts = {language: _read(folder / f"{language}.yaml") for language in languages}
        everything = {key for texts in self._texts.values() for key in texts}
        for language, texts in self._texts.items():
            if missing := sorted(everything - texts.keys()):
                file = folder / f"{language}.yaml"
                raise MessagesError(f"{file}: {', '.join(missing)} is missing: write it there too")

    def __call__(self, key: str, **values: Any) -> StringVar[str]:
        """Return a text as a Var.

        Args:
            key: Its name in the files.
            values: The values of its `{names}`; may be Vars.

        Raises:
            KeyError: If there is no such text.
        """
        texts = {language: texts[key] for language, texts in self._texts.items()}
        chosen = Var(_js_expr=f"({json.dumps(texts)})[{_NAME}]", _var_data=_LANGUAGE)
        if not values:
            return chosen.to(str)
        fill_in = Var(_js_expr="fillIn", _var_data=VarData(imports=_import("fillIn")))
        return fill_in.to(FunctionVar).call(chosen, values).to(str)


def language() -> StringVar[str]:
    """The language that texts are shown in, as for the attribute `lang`."""
    return Var(_js_expr=_NAME, _var_type=str, _var_data=_LANGUAGE).to(str)


def chosen_language() -> StringVar[str]:
    """The language chosen in this browser; empty to use the browser's preference."""
    return Var(_js_expr="chosenLanguage", _var_type=str, _var_data=_CHOSEN).to(str)


def choose_language(language: Any) -> Any:
    """Return an event handler that sets the language; an empty one resets it."""
    data = VarData(imports=_import("chooseLanguage"))
    choose = Var(_js_expr="chooseLanguage", _var_data=data).to(FunctionVar)
    return ArgsFunctionOperation.create((), choose.call(LiteralVar.create(language)))


def _read(file: Path) -> Mapping[str, str]:
    content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(content, dict) or not all(isinstance(one, str) for one in content.values()):
        raise MessagesError(f"{file}: is not an object of texts: write lines of `key: text`")
    return content
