from textwrap import dedent
from typing import Any

import pytest

from backstage_py.plugins.catalog.errors import ProcessingError
from backstage_py.plugins.catalog.model.yaml_documents import YamlDocument, parse_documents


def parse_one(text: str) -> YamlDocument | ProcessingError:
    [document] = parse_documents(dedent(text))
    return document


def read_value(text: str) -> Any:
    document = parse_one(text)
    assert isinstance(document, YamlDocument), document
    return document.value


def read_error(text: str) -> ProcessingError:
    error = parse_one(text)
    assert isinstance(error, ProcessingError), error
    return error


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("true", True),
        ("2026-11-23", "2026-11-23"),
        ("0o14", 12),
        ("0x1F", 31),
        ("012", 12),
        ("1.5", 1.5),
        ("~", None),
        ("'17'", "17"),
        ("!!str 17", "17"),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_scalars_are_those_of_yaml_1_2_and_dates_stay_text(text: str, value: Any) -> None:
    assert read_value(f"a: {text}") == {"a": value}


def test_every_field_knows_its_line_in_the_file() -> None:
    text = """\
    # a comment
    ---
    a: 1
    ---
    kind: System
    spec:
      targets:
        - x
        - y
    """

    _, second = parse_documents(dedent(text))

    assert isinstance(second, YamlDocument)
    assert second.find_line("kind") == 5
    assert second.find_line("spec.targets[1]") == 9
    assert second.find_line("spec.owner.kind") == 6


def test_empty_documents_are_left_out() -> None:
    assert list(parse_documents("---\n---\n# nothing\n---\n")) == []


def test_a_directive_belongs_to_the_document_that_follows() -> None:
    first, second = parse_documents("%YAML 1.2\n---\na: 1\n...\n%YAML 1.2\n---\nb: 2\n")

    assert isinstance(first, YamlDocument)
    assert isinstance(second, YamlDocument)
    assert (first.value, second.value) == ({"a": 1}, {"b": 2})


def test_a_broken_document_does_not_take_its_neighbours_along() -> None:
    first, broken, last = parse_documents("a: 1\n---\nb: [1\n---\nc: 3\n")

    assert isinstance(first, YamlDocument)
    assert isinstance(broken, ProcessingError)
    assert isinstance(last, YamlDocument)
    assert (first.value, broken.line, last.value) == ({"a": 1}, 3, {"c": 3})


def test_a_merged_mapping_yields_to_what_is_written() -> None:
    text = """\
    base: &base {a: 1, b: 1}
    other: &other {b: 2, c: 2}
    thing:
      <<: [*base, *other]
      a: 3
    """

    assert read_value(text)["thing"] == {"a": 3, "b": 1, "c": 2}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: !secret x", "x"),
        ("a: !!python/name:os.system x", "x"),
        ("a: .nan", None),
        ("a: -.inf", None),
        (f"a: {'9' * 5000}", None),
        ("a: !!binary aGk=", {"type": "Buffer", "data": [104, 105]}),
        ("a: !!set {x, y}", {}),
        ("a: {{ name }}", {"{ name }": None}),
        ("a: {? [x,  y] : 1}", {"[x, y]": 1}),
        ("a: bell \a", "bell \a"),
        ('a: "one\x85line"', "one\x85line"),
    ],
)
def test_an_odd_value_is_read_as_backstage_reads_it(text: str, value: Any) -> None:
    assert read_value(text) == {"a": value}


def test_words_are_booleans_in_a_document_of_yaml_1_1() -> None:
    assert read_value("%YAML 1.1\n---\na: yes\nb: off\n") == {"a": True, "b": False}


def test_three_dots_end_a_document() -> None:
    documents = list(parse_documents("a: 1\n...\nb: 2\n"))

    assert [one.value for one in documents if isinstance(one, YamlDocument)] == [
        {"a": 1},
        {"b": 2},
    ]


def test_a_tag_never_makes_an_object() -> None:
    assert read_value("a: !!python/object/apply:os.system [ls]") == {"a": ["ls"]}


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("a: 1\nb:\n\t- c\n", 3, "cannot start any token"),
        ("a: 1\nb: 2\na: 3\n", 3, "a key may be written only once"),
        ('a: "\\ud800"\n', 1, "must be valid YAML"),
        ('"\\ud800": a\n', 1, "must be valid YAML"),
        ("a: \ud800\n", 1, "must be valid YAML"),
        ("a: 1\nb: \0\n", 1, "must be valid YAML"),
        ("a: *nobody\n", 1, "undefined alias"),
        ("a: &a [*a]\n", 1, "must not be nested more than 100 levels deep"),
        ("a: " + "[" * 5000, 1, "must not be nested more than 100 levels deep"),
        ("a: " + "[" * 150 + "]" * 150, 1, "must not be nested more than 100 levels deep"),
        ("<<: 1\n", 1, "<< must name a mapping"),
    ],
)
def test_a_hostile_document_is_one_clear_error(text: str, line: int, rule: str) -> None:
    error = read_error(text)

    assert error.line == line
    assert rule in error.rule


def test_a_billion_laughs_are_stopped() -> None:
    laughs = ["l0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    for level in range(1, 10):
        aliases = ", ".join([f"*l{level - 1}"] * 10)
        laughs.append(f"l{level}: &l{level} [{aliases}]")

    error = read_error("\n".join(laughs))

    assert "must not hold more than 200000 values, aliases expanded" in error.rule
