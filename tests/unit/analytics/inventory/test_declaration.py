from backstage_py.analytics.inventory.declaration import Attribute, declare
from tests.unit.analytics.inventory.captures import a_capture


def test_captures_that_the_record_cannot_tell_apart_are_one_declaration() -> None:
    (found,) = declare(
        [
            a_capture(attributes={"to": "string", "n": "number"}, context_keys=("a", "b")),
            a_capture(attributes={"to": "any"}, context_keys=("b",), has_value=True, path="/x"),
        ]
    )

    assert found.attributes == {"to": Attribute("any"), "n": Attribute("number", False)}
    assert found.context_keys == ("b",)
    assert found.has_value is None
    assert found.paths == ("/shop", "/x")


def test_subjects_that_are_known_are_declarations_of_their_own() -> None:
    found = declare([a_capture(subject="Save"), a_capture(subject="Close"), a_capture()])

    assert [one.address.subject for one in found] == [None, "Close", "Save"]


def test_a_declaration_is_conditional_if_all_of_its_captures_are() -> None:
    both = [a_capture(is_conditional=True), a_capture(component="x")]

    assert not declare(both)[0].is_conditional
    assert declare(both[:1])[0].is_conditional
