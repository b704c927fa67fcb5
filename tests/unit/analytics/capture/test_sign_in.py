"""Signing in and out, as what an app declares."""

import reflex as rx

from backstage_py.analytics import capture_sign_in, capture_sign_out
from backstage_py.analytics.browser.modules import SIGN_IN_MODULE


def test_signing_in_is_captured_by_the_user_that_the_app_knows() -> None:
    component = capture_sign_in(rx.Var("state.user").to(str))

    assert "SignInCapture" in str(component)
    assert "user:state.user" in str(component)


def test_signing_out_is_a_handler_of_whatever_signs_out() -> None:
    button = rx.el.button("Sign out", on_click=capture_sign_out())

    assert "captureSignOut()" in str(button)
    assert SIGN_IN_MODULE in button._get_all_imports()
