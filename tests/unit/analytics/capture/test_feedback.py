import pytest

from backstage_py.analytics import analytics_feedback
from backstage_py.analytics.inventory.page_captures import page_captures


@pytest.mark.parametrize(("scale", "choices"), [("thumbs", 2), ("points", 5)])
def test_an_answer_is_an_event(scale: str, choices: int) -> None:
    form = analytics_feedback("docs/pricing", scale=scale)  # pyright: ignore[reportArgumentType]

    rendered = str(form.render())
    [capture] = page_captures("/", form)

    assert (capture.action, capture.subject) == ("feedback", "docs/pricing")
    assert capture.has_value
    assert set(capture.attributes or ()) == {"scale", "comment"}
    assert rendered.count("radio") == choices


def test_the_texts_and_the_looks_can_be_changed() -> None:
    form = analytics_feedback("x", question="Happy?", placeholder="Why?", class_name="mine")

    rendered = str(form.render())

    assert "Happy?" in rendered
    assert "Why?" in rendered
    assert "mine" in rendered


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="scale is 'stars': use thumbs or points"):
        analytics_feedback("x", scale="stars")  # pyright: ignore[reportArgumentType]
