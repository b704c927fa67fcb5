import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.catalog.model.entity_ref import EntityRef, EntityRefError

names = st.from_regex(r"([A-Za-z0-9][-A-Za-z0-9_.]{0,20})?[A-Za-z0-9]", fullmatch=True)
kinds = st.from_regex(r"[a-zA-Z][a-z0-9A-Z]{0,20}", fullmatch=True)
namespaces = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)?", fullmatch=True)
refs = st.builds(EntityRef, kinds, namespaces, names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("component:default/ticket-web", ("component", "default", "ticket-web")),
        ("Component:ticket-web", ("Component", "default", "ticket-web")),
        ("staging/ticket-web", ("API", "staging", "ticket-web")),
        ("ticket-web", ("API", "default", "ticket-web")),
        ("ns/odd:name", ("API", "ns", "odd:name")),
        ("a:b:c", ("a", "default", "b:c")),
        ("a:b/c/d", ("a", "b", "c/d")),
    ],
)
def test_the_first_colon_and_the_first_slash_divide_a_reference(
    text: str, expected: tuple[str, str, str]
) -> None:
    assert EntityRef.parse(text, default_kind="API") == expected


@pytest.mark.parametrize("text", ["", ":name", "kind:", "/name", "kind:/name", "kind:ns/", "ns/"])
def test_no_part_of_a_reference_may_be_empty(text: str) -> None:
    with pytest.raises(EntityRefError, match="must not be empty"):
        EntityRef.parse(text, default_kind="component")


def test_a_reference_without_kind_needs_a_default_kind() -> None:
    with pytest.raises(EntityRefError, match="the kind must be written"):
        EntityRef.parse("ticket-web")


def test_the_namespace_comes_from_the_context_before_it_is_default() -> None:
    ref = EntityRef.parse("ticket-web", default_kind="component", default_namespace="staging")

    assert str(ref) == "component:staging/ticket-web"


@given(refs)
def test_a_canonical_reference_is_lower_case_and_reads_back_as_itself(ref: EntityRef) -> None:
    text = str(ref)

    assert text == text.lower()
    assert str(EntityRef.parse(text)) == text


@given(refs, kinds)
def test_the_short_form_means_the_same_to_a_reader_who_knows_the_defaults(
    ref: EntityRef, kind: str
) -> None:
    short = ref.humanize(default_kind=kind)

    assert str(EntityRef.parse(short, default_kind=kind)) == str(ref)


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_a_clear_error(text: str) -> None:
    with contextlib.suppress(EntityRefError):
        assert all(EntityRef.parse(text, default_kind="component"))


@pytest.mark.parametrize(
    ("ref", "default_kind", "expected"),
    [
        (EntityRef("Component", "default", "Ticket-Web"), "component", "Ticket-Web"),
        (EntityRef("Component", "default", "ticket-web"), None, "component:ticket-web"),
        (EntityRef("User", "staff", "ann"), "Group", "user:staff/ann"),
    ],
)
def test_people_read_no_default_kind_and_no_default_namespace(
    ref: EntityRef, default_kind: str | None, expected: str
) -> None:
    assert ref.humanize(default_kind=default_kind) == expected
