"""What expressions give, and what they cannot reach."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.scaffolder.errors import ExpressionError
from backstage_py.plugins.scaffolder.expressions.members import MISSING
from backstage_py.plugins.scaffolder.expressions.renderer import MAX_CHARACTERS, DirectRenderer

EMPTY = ""
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
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def render(value: Any, context: Any = None) -> Any:
    return DirectRenderer().render(value, context or CONTEXT)


@given(json_values)
def test_a_string_that_is_one_expression_keeps_the_value_as_it_is(value: Any) -> None:
    rendered = render("${{ parameters.value }}", {"parameters": {"value": value}})

    assert json.dumps(rendered) == json.dumps(value)


@given(json_values)
def test_a_value_without_expressions_stays_but_for_what_is_empty(value: Any) -> None:
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
        ("n: ${{ parameters.count }}", "n: 3"),
        ("${{ parameters.count }}${{ parameters.count }}", "33"),
        ("${{ parameters.name }}\n", "seat-map\n"),
        ("x${{ parameters.nothing }}${{ parameters.no.such.thing }}y", "xy"),
        ("${{ parameters.tags }}, ${{ true }}", "a,b, true"),
        ("${{ parameters.owner }}.", '{"kind":"Group","name":"ticketing"}.'),
        ("${{ parameters.keys }}", "a value under the name of a method"),
        ("${{ steps['publish-it'].output.remoteUrl }}", "https://git.example/x"),
        ("${{ parameters.description if parameters.description else '.' }}", "."),
        ("${{ 1 === 1 }}", True),
        ("${{ !parameters.empty && parameters.count === 3 }}", True),
        ("${{ !parameters.count === false }}", True),
        ("${{ parameters.empty || parameters.name }}", "seat-map"),
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


def test_what_is_undefined_or_empty_is_no_key_and_null_in_a_list() -> None:
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
        "${{ parameters.__class__ }}",
        "${{ ''.__class__.__mro__[1].__subclasses__() }}",
        "${{ parameters['__class__'] }}",
        "${{ parameters.tags.append('x') }}",
        "${{ parameters.tags.pop() }}",
        "${{ parameters.items() }}",
        "${{ parameters.name.format }}",
        "${{ '{0.__class__}'.format(1) }}",
        "${{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "${{ joiner.__class__ }}",
        "${{ range.__self__ }}",
        "${{ self._TemplateReference__context }}",
        "${{ lipsum.__globals__ }}",
        "${{ namespace.__init__ }}",
        "${{ parameters | attr('__class__') }}",
        "${{ [parameters] | map(attribute='__class__') | first }}",
        "${{ [parameters.name] | map('attr', '__class__') | first }}",
        "${{ 'x' | format(1) }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}${{ os }}",
        "{% extends 'x' %}",
        "${{ (1).__class__.__base__ }}",
        "{% for x in [1] %}${{ loop.__class__ }}${{ loop._iterable }}{% endfor %}",
        "{% macro m() %}{% endmacro %}${{ m.__globals__ }}${{ m.name }}",
    ],
)
def test_no_attribute_of_an_object_can_be_reached(text: str) -> None:
    try:
        rendered = render(text)
    except ExpressionError:
        return
    assert rendered is MISSING or rendered is None


@pytest.mark.parametrize(
    "text",
    [
        "${{ range(10**9) }}",
        "${{ 'x' * 10**9 }}",
        "${{ [1] * 10**9 }}",
        "${{ 10**(9**9) }}",
        "${{ 9.9**999 * 9.9**999 * 0 + 9**9999 }}",
        "${{ '%999999999d' % 1 }}",
        "{% macro f() %}${{ f() }}{% endmacro %}${{ f() }}",
        "${{ " + "(" * 5000 + ")" * 5000 + " }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}0123456789{% endfor %}{% endfor %}",
    ],
)
def test_what_would_be_out_of_all_proportion_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        render(text)


def test_a_text_that_is_too_long_is_not_even_read() -> None:
    with pytest.raises(ExpressionError, match="more than"):
        render("${{ 1 }}" + "x" * MAX_CHARACTERS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${{ parameters.name | upcase }}", "No filter named 'upcase'"),
        ("${{ 1 + }}", "line 1"),
        ("${{ range }}", "no value that JSON can hold"),
        ("${{ 'x' | parseRepoUrl }}", "use host\\?owner=name&repo=name"),
        ("${{ 'x' | parseEntityRef }}", "use kind:namespace/name"),
    ],
)
def test_an_error_shows_the_expression_and_the_rule(text: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        render(text)


def test_a_file_keeps_its_line_ends_and_its_blocks_can_be_trimmed() -> None:
    renderer = DirectRenderer()

    assert renderer.render_file("${{ a }}\r\nb\r\n", {"a": 1}) == "1\r\nb\r\n"
    text = "{% if a %}\n  {% if a %}\nx\n  {% endif %}\n{% endif %}\n"
    assert renderer.render_file(text, {"a": 1}, trim_blocks=True, lstrip_blocks=True) == "x\n"
    assert renderer.render_file(text, {"a": 1}) == "\n  \nx\n  \n\n"
