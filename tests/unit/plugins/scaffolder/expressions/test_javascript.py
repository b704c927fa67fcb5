import pytest

from backstage_py.plugins.scaffolder.expressions.javascript import translate_operators


@pytest.mark.parametrize(
    ("written", "translated"),
    [
        ("${{ a === b }}", "${{ a == b }}"),
        ("${{ a !== b }}", "${{ a != b }}"),
        ("${{ a != b }}", "${{ a != b }}"),
        ("{% if !a && b %}x && y{% endif %}", "{% if ~a  and  b %}x && y{% endif %}"),
        ("${{ a||b }}", "${{ a or b }}"),
        ("${{ 'a && !b' || \"c === d\" }}", "${{ 'a && !b'  or  \"c === d\" }}"),
        ("a && ${{ b }} || ${{ c && d }}", "a && ${{ b }} || ${{ c  and  d }}"),
        ("{# a && b #}${{ a && b }}", "{# a && b #}${{ a  and  b }}"),
        ("{% raw %}${{ a && b }}{% endraw %}&&", "{% raw %}${{ a && b }}{% endraw %}&&"),
        ("{%- raw -%}${{ a && b }}", "{%- raw -%}${{ a && b }}"),
        ("${{ '}}' && a }} && b", "${{ '}}'  and  a }} && b"),
        (r"${{ 'it\'s && ' && a }}", r"${{ 'it\'s && '  and  a }}"),
        ("${{ never && closed", "${{ never  and  closed"),
        ("echo !x && y", "echo !x && y"),
    ],
)
def test_operators_are_translated_where_code_stands_and_nowhere_else(
    written: str, translated: str
) -> None:
    assert translate_operators(written) == translated
