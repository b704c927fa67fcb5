import json
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.scaffolder.tasks.redaction import Redaction


@given(st.text(min_size=2).filter(lambda text: text.strip() and "*" not in text), st.text())
def test_no_form_of_a_secret_is_left(secret: str, around: str) -> None:
    forms = (secret, quote(secret, safe="", errors="replace"), json.dumps(secret)[1:-1])
    hidden = Redaction([secret]).hide(around.join(["", *forms, ""]))

    assert secret not in hidden.replace("***", "") or len(secret.strip()) < 2


def test_secrets_are_hidden_in_texts_lists_and_keys_but_not_single_characters() -> None:
    redaction = Redaction(["hunter2", "line one\nline two", "x"])

    assert redaction.hide("x: hunter2!") == "x: ***!"
    assert redaction.hide("only line two here") == "only *** here"
    assert redaction.hide_all({"hunter2": ["a hunter2", 1, None]}) == {"***": ["a ***", 1, None]}
