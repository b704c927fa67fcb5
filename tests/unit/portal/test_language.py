from pathlib import Path

import pytest
import reflex as rx

from backstage_py.plugins.home.texts import text as home
from backstage_py.portal.language import Messages, MessagesError

BOTH = ("en", "de")


def write(folder: Path, **files: str) -> Path:
    for language, content in files.items():
        (folder / f"{language}.yaml").write_text(content, encoding="utf-8")
    return folder


def test_a_text_is_chosen_in_the_browser(tmp_path: Path) -> None:
    messages = Messages(write(tmp_path, en="hello: Hello\n", de="hello: Hallo\n"), BOTH)

    assert str(messages("hello")) == '({"en": "Hello", "de": "Hallo"})[portalLanguage]'


def test_names_in_a_text_stand_for_values_that_may_be_vars(tmp_path: Path) -> None:
    messages = Messages(
        write(tmp_path, en="hits: '{count} hits'\n", de="hits: '{count} mal'\n"), BOTH
    )

    shown = str(messages("hits", count=rx.Var("state.hits")))

    assert shown.startswith("(fillIn(")
    assert "state.hits" in shown


def test_a_text_that_one_language_lacks_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, en="a: A\nb: B\n", de="a: A\n")

    with pytest.raises(MessagesError, match=r"de\.yaml: b is missing"):
        Messages(folder, BOTH)


def test_a_text_that_is_nowhere_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        home("no such text")


def test_a_file_of_anything_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MessagesError, match="is not an object of texts"):
        Messages(write(tmp_path, en="- a\n"))
