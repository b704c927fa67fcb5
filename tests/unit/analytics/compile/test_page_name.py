import functools
from collections.abc import Callable

import pytest
import reflex as rx

from backstage_py.analytics.compile.page_name import page_name

Page = Callable[[], rx.Component]


def wrapped_like_reflexs_template(page_content: Page) -> Page:
    def templated_page() -> rx.Component:
        return rx.box(page_content())

    def theme_wrap() -> rx.Component:
        return rx.theme(templated_page())

    return theme_wrap


def with_wraps(page: Page) -> Page:
    @functools.wraps(page)
    def wrapper() -> rx.Component:
        return page()

    return wrapper


def of_two(page: Page, sidebar: Page) -> Page:
    def both() -> rx.Component:
        return rx.box(sidebar(), page())

    return both


def plain() -> rx.Component:
    return rx.text("plain")


def aside() -> rx.Component:
    return rx.text("aside")


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (plain, "plain"),
        (wrapped_like_reflexs_template(plain), "plain"),
        (with_wraps(plain), "plain"),
        (with_wraps(wrapped_like_reflexs_template(plain)), "plain"),
        (of_two(plain, aside), "both"),
        (lambda: rx.text("none"), None),
        (rx.text("a component, and no function"), None),
    ],
)
def test_a_page_is_called_as_its_author_called_it(page: object, name: str | None) -> None:
    assert page_name(page) == name
