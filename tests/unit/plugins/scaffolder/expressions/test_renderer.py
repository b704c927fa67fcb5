"""What expressions give, and what they cannot reach."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.scaffolder.errors import ExpressionError
from backstage_py.plugins.scaffolder.expressions.renderer import (
    MAX_CHARACTERS,
    MISSING,
    DirectRenderer,
    FileOptions,
)

EMPTY = ""
RENDERER = DirectRenderer()
CONTEXT = {
    "parameters": {
        "name": "seat-map",
        "empty": "",
        "nothing": None,
        "count": 3,
        "tags": ["a", "b"],
        "keys": "a value under the name of a method",
        "owner": {"kind": "Group", "name": "ticketing"},
        "repoUrl": "git.example:8443?owner=ticketing&repo=seat-map",
    },
    "steps": {"publish-it": {"output": {"remoteUrl": "https://git.example/x"}}},
}

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(-1e9, 1e9).map(lambda number: int(number) if number.is_integer() else number)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def render(value: Any, context: Any = None) -> Any:
    problems: list[str] = []
    rendered = RENDERER.render(value, context or CONTEXT, problems.append)
    if problems:
        raise ExpressionError("; ".join(problems))
    return rendered


@given(json_values)
def test_a_string_that_is_one_expression_keeps_the_value_as_it_is(value: Any) -> None:
    rendered = render("${{ parameters.value }}", {"parameters": {"value": value}})

    # JavaScript puts keys that are numbers first.
    assert json.dumps(rendered, sort_keys=True) == json.dumps(value, sort_keys=True)


@given(json_values)
def test_a_value_without_expressions_stays_except_for_empty_parts(value: Any) -> None:
    has_marks = any(mark in json.dumps(value, ensure_ascii=False) for mark in ("${{", "{%", "{#"))

    if not has_marks:
        assert render({"kept": [value]}) == {"kept": [_without_empty(value)]}


def _without_empty(value: Any) -> Any:
    """What Backstage makes of empty texts: no key in an object, null in a list."""
    if isinstance(value, list):
        return [_without_empty(one) for one in value]
    if isinstance(value, dict):
        return {key: _without_empty(one) for key, one in value.items() if one or one != EMPTY}
    return None if value == EMPTY else value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${{ parameters.tags }}", ["a", "b"]),
        ("${{parameters.count}}", 3),
        ("${{ parameters.nothing }}", None),
        ("${{ parameters.name | title }}", "Seat-map"),
        ("${{ parameters.count == '3' }}", True),
        ("${{ 'x' if parameters.missing > 3 else 'y' }}", "y"),
        ("{% if parameters.empty %}true{% else %}false{% endif %}", False),
        ('{% if parameters.count %}{"a": 1}{% endif %}', {"a": 1}),
        ("n: ${{ parameters.count }}", "n: 3"),
        ("${{ parameters.count }}${{ parameters.count }}", "33"),
        ("${{ parameters.name }}\n", "seat-map\n"),
        ("x${{ parameters.nothing }}${{ parameters.no.such.thing }}y", "xy"),
        ("${{ parameters.tags }}, ${{ true }}", "a,b, true"),
        ("${{ parameters.keys }}", "a value under the name of a method"),
        ("${{ steps['publish-it'].output.remoteUrl }}", "https://git.example/x"),
        ("${{ parameters.description if parameters.description else '.' }}", "."),
        ("${{ 1 === 1 }}", True),
        ("${{ parameters.name + 1 }}", "seat-map1"),
        ("${{ parameters.tags.length + parameters.name.length }}", 10),
        ("${{ parameters.name.toUpperCase().split('-') }}", ["SEAT", "MAP"]),
        ("${{ parameters.tags.includes('b') }}", True),
        ("${{ parameters.tags | join('&&') }}", "a&&b"),
        ("${{ parameters.tags | reverse }}", ["b", "a"]),
        ("${{ parameters.owner | dump }}", '{"kind":"Group","name":"ticketing"}'),
        (
            "{% for k, v in parameters.owner %}${{ k }}=${{ v }};{% endfor %}",
            "kind=Group;name=ticketing;",
        ),
        ("{% raw %}${{ kept }}{% endraw %}", "${{ kept }}"),
        ("${{ parameters.repoUrl | parseRepoUrl | pick('owner') }}", "ticketing"),
        ("${{ (parameters.repoUrl | parseRepoUrl).host }}", "git.example:8443"),
        ("${{ parameters.repoUrl | projectSlug }}", "ticketing/seat-map"),
        (
            "${{ 'shop' | parseEntityRef({defaultKind: 'component'}) | dump }}",
            '{"kind":"component","namespace":"default","name":"shop"}',
        ),
        ("${{ 'user:a/b' | parseEntityRef }}", {"kind": "user", "namespace": "a", "name": "b"}),
    ],
)
def test_expressions_mean_what_they_mean_in_backstage(text: str, value: Any) -> None:
    assert render(text) == value


def test_undefined_or_empty_values_are_dropped_and_null_in_a_list() -> None:
    given_value = {
        "gone": "${{ parameters.no }}",
        "empty": "${{ parameters.empty + '' }}x",
        "list": ["${{ no }}"],
    }

    assert render(given_value) == {"empty": "x", "list": [None]}
    assert render("${{ parameters.no }}") is MISSING


@pytest.mark.parametrize(
    "text",
    [
        "${{ parameters.__proto__ }}",
        "${{ parameters.constructor }}",
        "${{ parameters['constructor'] }}",
        "${{ parameters.name.constructor.constructor('return 1')() }}",
        "${{ [].constructor }}",
        "${{ range.constructor }}",
        "${{ globalThis }}",
        "${{ this }}",
        "${{ cycler.constructor }}",
        "${{ joiner.__proto__ }}",
        "${{ parameters | pick('__proto__') }}",
        "${{ parameters | pick('constructor') }}",
        "${{ parameters.name | pick('constructor.constructor') }}",
        "{% for x in [1] %}${{ loop.constructor }}{% endfor %}",
        "{% macro m() %}{% endmacro %}${{ m.constructor }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}${{ os }}",
        "{% extends 'x' %}",
    ],
)
def test_nothing_but_values_can_be_reached(text: str) -> None:
    try:
        rendered = render(text)
    except ExpressionError:
        return
    assert rendered is MISSING or rendered is None


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(9999) %}{% for b in range(9999) %}0123456789{% endfor %}{% endfor %}",
        "{% macro f() %}${{ f() }}{% endmacro %}${{ f() }}",
        "${{ " + "(" * 5000 + ")" * 5000 + " }}",
        "${{ 'x' | center(5000000000) }}",
        "${{ 1 }}" + "x" * MAX_CHARACTERS,
    ],
)
def test_what_takes_too_much_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        render(text)


def test_a_string_that_cannot_be_rendered_stays_and_the_rest_does_not() -> None:
    problems: list[str] = []
    rendered = RENDERER.render(
        {"bad": "${{ 1 | upcase }}", "good": "${{ 1 + 1 }}"}, {}, problems.append
    )

    assert rendered == {"bad": "${{ 1 | upcase }}", "good": 2}
    assert len(problems) == 1
    assert "${{ 1 | upcase }}" in problems[0]
    assert "upcase" in problems[0].partition(": ")[2]


def test_a_condition_tells_whether_it_asks_for_the_status() -> None:
    always = RENDERER.render_condition("${{ always() }}", {}, failed=True)
    failure = RENDERER.render_condition("${{ failure() }}", {}, failed=False)
    other = RENDERER.render_condition("${{ 1 }}", {}, failed=True)

    assert (always.value, always.is_status_asked) == (True, True)
    assert (failure.value, failure.is_status_asked) == (False, True)
    assert (other.value, other.is_status_asked) == (1, False)


def test_a_file_keeps_its_line_ends_and_its_blocks_can_be_trimmed() -> None:
    text = "{% if a %}\n  {% if a %}\nx\n  {% endif %}\n{% endif %}\n"
    trimmed = FileOptions(trim_blocks=True, lstrip_blocks=True)

    assert RENDERER.render_file("${{ a }}\r\nb\r\n", {"a": 1}) == "1\r\nb\r\n"
    assert RENDERER.render_file(text, {"a": 1}, trimmed) == "x\n"
    assert RENDERER.render_file(text, {"a": 1}) == "\n  \nx\n  \n\n"


def test_cookiecutter_files_have_other_marks() -> None:
    context = {"cookiecutter": {"name": "shop", "object": {"a": 1}}}
    text = "{{ cookiecutter.name }} {{ cookiecutter.object | jsonify }}"

    rendered = RENDERER.render_file(text, context, FileOptions(cookiecutter_compat=True))

    assert rendered == 'shop {"a":1}'


def test_extensions_add_filters_and_globals() -> None:
    extension = """
        const shout = (text) => `${text}!`;
        ({ filters: { shout }, globals: { company: "Nordlicht" } });
    """

    with DirectRenderer([extension]) as renderer:
        rendered = renderer.render("${{ company | shout }}", {})

    assert rendered == "Nordlicht!"


def test_a_wrong_extension_is_named() -> None:
    with pytest.raises(ExpressionError, match="SyntaxError"):
        DirectRenderer(["({ filters: "])
