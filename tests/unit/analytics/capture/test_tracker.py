from typing import Any

import reflex as rx

from backstage_py.analytics import analytics_context, analytics_link, use_analytics


class Service(rx.State):
    name: rx.Field[str] = rx.field("ledger")


def rendered(handler: Any) -> str:
    return str(rx.el.button("x", on_click=handler))


def test_a_capture_is_an_event_handler_of_any_trigger() -> None:
    text = rendered(use_analytics().capture_event("deploy", "ledger"))

    assert 'analyticsTracker.captureEvent("deploy", "ledger")' in text.replace('"),', '", ')


def test_value_and_attributes_are_only_there_if_they_were_given() -> None:
    bare = rendered(use_analytics().capture_event("deploy", "ledger"))
    full = rendered(
        use_analytics().capture_event("deploy", "ledger", value=0, attributes={"env": "prod"})
    )

    assert "value" not in bare
    assert "attributes" not in bare
    assert '["value"] : 0' in full
    assert '["env"] : "prod"' in full


def test_arguments_may_be_vars_and_come_from_the_trigger() -> None:
    field = rx.el.input(
        on_change=lambda text: use_analytics().capture_event("filter", text, value=text.length())
    )

    assert "captureEvent" in str(field)
    assert "_ev_0" in str(field) or "_e" in str(field)


def test_text_cannot_break_out_of_the_script() -> None:
    text = rendered(use_analytics().capture_event("a", '"); alert(1); ("</script>'))

    assert '"); alert(1)' not in text.replace('\\"); alert(1)', "")


def test_a_context_hands_its_tracker_to_its_children_by_name() -> None:
    context = analytics_context(rx.el.p("x"), attributes={"segment": Service.name})

    assert "(analyticsTracker=>" in str(context)


def test_a_link_can_be_told_to_capture_nothing() -> None:
    assert "data-no-track" in str(analytics_link("Docs", to="/docs", no_track=True))
    assert "data-no-track" not in str(analytics_link("Docs", to="/docs"))
