from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.config.loader import load_config
from backstage_py.analytics.errors import ConfigurationError

KEYS = st.text("abcxyz", min_size=1, max_size=3)
SCALARS = st.booleans() | st.integers(-99, 99) | st.text("pq ", max_size=4)
VALUES = st.recursive(
    SCALARS | st.lists(SCALARS, max_size=3),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
PRINTABLE = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]))
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)


def load(
    tmp_path: Path, *documents: str, environ: Mapping[str, str] | None = None
) -> dict[str, Any]:
    return config_of(tmp_path, *documents, environ=environ).as_dict()


def config_of(tmp_path: Path, *documents: str, environ: Mapping[str, str] | None = None) -> Config:
    names = [f"{index}.yaml" for index in range(len(documents))]
    for name, document in zip(names, documents, strict=True):
        (tmp_path / name).write_text(document, encoding="utf-8")
    return load_config({"APP_CONFIG": ",".join(names), **(environ or {})}, tmp_path)


def merged_as_the_documentation_says(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        both = {
            k: merged_as_the_documentation_says(below[k], above[k]) for k in below if k in above
        }
        return {**below, **above, **both}
    return above


class TestFiles:
    def test_without_any_file_the_configuration_is_empty(self, tmp_path: Path) -> None:
        assert load_config({}, tmp_path).as_dict() == {}

    def test_the_local_file_wins_over_the_default_one(self, tmp_path: Path) -> None:
        (tmp_path / "app-config.yaml").write_text("app: {title: Demo, port: 1}")
        (tmp_path / "app-config.local.yaml").write_text("app: {title: Mine}")

        assert load_config({}, tmp_path).as_dict() == {"app": {"title": "Mine", "port": 1}}

    def test_named_files_are_read_instead_of_the_default_ones(self, tmp_path: Path) -> None:
        (tmp_path / "app-config.yaml").write_text("app: {title: Demo}")
        (tmp_path / "app-config.local.yaml").write_text("app: {title: Mine}")
        (tmp_path / "a.yaml").write_text("one: 1")
        (tmp_path / "b.yaml").write_text("two: 2")

        config = load_config({"APP_CONFIG": "a.yaml, b.yaml"}, tmp_path)

        assert config.as_dict() == {"one": 1, "two": 2}

    def test_a_named_file_that_is_missing_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"gone\.yaml: cannot be read: No such file"):
            load_config({"APP_CONFIG": "gone.yaml"}, tmp_path)

    @pytest.mark.parametrize("document", ["", "# only a comment\n", "---\n", "null"])
    def test_a_file_without_content_is_empty(self, tmp_path: Path, document: str) -> None:
        assert load(tmp_path, document) == {}

    def test_dates_stay_the_texts_they_are_in_backstage(self, tmp_path: Path) -> None:
        assert load(tmp_path, "since: 2026-11-23\nyes: no") == {"since": "2026-11-23", "yes": "no"}

    def test_keys_that_are_not_texts_become_texts(self, tmp_path: Path) -> None:
        assert load(tmp_path, "7: a\ntrue: b\n~: c") == {"7": "a", "true": "b", "null": "c"}

    @pytest.mark.parametrize(
        ("document", "message"),
        [
            ("a: 1\nb: [", r"0\.yaml:2: is not valid YAML, .*\. Fix that line"),
            ("a: 1\nb: 2\na: 3", r"0\.yaml:3: is not valid YAML, found duplicate key …"),
            ("a: 1\n---\nb: 2", r"0\.yaml:2: is not valid YAML"),
            ("a: !python/object:os.system x", r"0\.yaml:1: is not valid YAML"),
            ("# note\n\n- a\n", r"0\.yaml:3: is a list, not an object\. Write keys"),
            ("just text", r"0\.yaml:1: is a string, not an object"),
            ("--- 5", r"0\.yaml:1: is a number, not an object"),
            ("a: \x07", r"0\.yaml: is not valid YAML"),
            ("a: {b: !!binary aGk=}", r"a\.b \(0\.yaml\): is a bytes"),
            ("a: &loop [*loop]", r"0\.yaml: contains itself"),
        ],
    )
    def test_a_broken_file_is_named_with_its_line(
        self, tmp_path: Path, document: str, message: str
    ) -> None:
        with pytest.raises(ConfigurationError, match=message):
            load(tmp_path, document)

    def test_a_file_that_is_not_utf8_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "app-config.yaml").write_bytes(b"a: \xff")

        with pytest.raises(ConfigurationError, match=r"app-config\.yaml: is not UTF-8"):
            load_config({}, tmp_path)

    def test_a_broken_file_does_not_give_its_secrets_away(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError) as caught:
            load(tmp_path, "apiSecret: hunter22\napiSecret: hunter23")

        assert "hunter" not in str(caught.value)


class TestMerging:
    def test_objects_merge_deeply_and_lists_are_replaced(self, tmp_path: Path) -> None:
        below = "app: {title: Demo, read: [a, b], ga4: {debug: true}}"
        above = "app: {read: [c], ga4: {id: G-1}}"

        assert load(tmp_path, below, above) == {
            "app": {"title": "Demo", "read": ["c"], "ga4": {"debug": True, "id": "G-1"}}
        }

    def test_a_null_hides_what_an_earlier_file_says(self, tmp_path: Path) -> None:
        config = config_of(tmp_path, "a: {b: 1, c: 2}", "a: {b: null}")

        assert (config.as_dict(), config.has("a.b")) == ({"a": {"c": 2}}, False)

    @given(below=OBJECTS, above=OBJECTS)
    def test_any_two_files_merge_as_backstage_documents(
        self, tmp_path_factory: pytest.TempPathFactory, below: Any, above: Any
    ) -> None:
        documents = [orjson.dumps(below).decode(), orjson.dumps(above).decode()]

        merged = load(tmp_path_factory.mktemp("config"), *documents)

        assert merged == merged_as_the_documentation_says(below, above)

    @given(one=OBJECTS, two=OBJECTS, three=OBJECTS)
    def test_a_file_merged_once_more_changes_nothing(
        self, tmp_path_factory: pytest.TempPathFactory, one: Any, two: Any, three: Any
    ) -> None:
        documents = [orjson.dumps(values).decode() for values in (one, two, three)]
        folder = tmp_path_factory.mktemp("config")

        assert load(folder, *documents, documents[-1]) == load(folder, *documents)


class TestSubstitution:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("hello ${SECRET}", "hello my-secret"),
            ("${SECRET      } $${} ${TOKEN }", "my-secret ${} my-token"),
            ("foo ${SECRET} $$${ESCAPE_ME}", "foo my-secret $${ESCAPE_ME}"),
            ("foo $${A} $$${B} $${}", "foo ${A} $${B} ${}"),
            ("https://${HOST:-localhost:3000}", "https://localhost:3000"),
            ("${EMPTY:-default}", "default"),
            ("${TOKEN:-default}", "my-token"),
            ("[${GONE:-}]", "[]"),
            ("[${EMPTY}]", "[]"),
            ("$HOME {TOKEN} $ {}", "$HOME {TOKEN} $ {}"),
        ],
    )
    def test_variables_are_put_in_as_backstage_does(
        self, tmp_path: Path, text: str, value: str
    ) -> None:
        environ = {"SECRET": "my-secret", "TOKEN": " my-token ", "EMPTY": ""}

        assert load(tmp_path, orjson.dumps({"a": text}).decode(), environ=environ) == {"a": value}

    @pytest.mark.parametrize("text", ["foo ${MISSING}", "empty ${}", "${MISSING} ${THERE}"])
    def test_one_unset_variable_makes_the_whole_value_absent(
        self, tmp_path: Path, text: str
    ) -> None:
        document = orjson.dumps({"a": {"b": text, "c": [text, "kept"]}}).decode()

        assert load(tmp_path, document, environ={"THERE": "x"}) == {"a": {"c": ["kept"]}}

    def test_an_absent_value_leaves_the_earlier_file_its_word(self, tmp_path: Path) -> None:
        assert load(tmp_path, "a: 1", "a: ${MISSING}") == {"a": 1}

    @given(PRINTABLE)
    def test_an_escaped_text_comes_back_as_it_was(
        self, tmp_path_factory: pytest.TempPathFactory, text: str
    ) -> None:
        name = text.translate(str.maketrans("", "", "{}"))
        document = orjson.dumps({"a": f"$${{{name}}}"}).decode()

        assert load(tmp_path_factory.mktemp("config"), document) == {"a": f"${{{name}}}"}

    @given(PRINTABLE)
    def test_what_a_variable_holds_is_not_substituted_again(
        self, tmp_path_factory: pytest.TempPathFactory, text: str
    ) -> None:
        environ = {"OUTER": f"<${{INNER}}{text}>", "INNER": "no"}

        loaded = load(tmp_path_factory.mktemp("config"), "a: ${OUTER}", environ=environ)

        assert loaded == {"a": f"<${{INNER}}{text}>"}

    def test_a_variable_and_a_file_can_be_named_by_include_keys(self, tmp_path: Path) -> None:
        (tmp_path / "secret.txt").write_text("s3cret\n")
        document = "a: {$env: NAME}\nb: {$file: '${FILE}'}\nc: {$env: GONE}"

        loaded = load(tmp_path, document, environ={"NAME": "x", "FILE": "secret.txt"})

        assert loaded == {"a": "x", "b": "s3cret"}

    @pytest.mark.parametrize(
        ("document", "message"),
        [
            ("a: {$include: b.yaml}", r"a \(0\.yaml\): uses \$include\. Name the file"),
            ("a: {$env: X, b: 1}", r"a \(0\.yaml\): has keys beside \$env"),
            ("a: {$file: 5}", r"a \(0\.yaml\): names nothing in \$file"),
            ("a: [{$file: gone.txt}]", r"a\[0\] \(0\.yaml\): cannot be read"),
        ],
    )
    def test_a_wrong_include_is_an_error(self, tmp_path: Path, document: str, message: str) -> None:
        with pytest.raises(ConfigurationError, match=message):
            load(tmp_path, document)


class TestEnvironmentOverrides:
    @pytest.mark.parametrize(
        ("text", "value"),
        [("G-1", "G-1"), ("8", 8), ('"8"', "8"), ("true", True), ("[1,", "[1,"), ("NaN", "NaN")],
    )
    def test_a_variable_is_json_or_else_a_text(
        self, tmp_path: Path, text: str, value: object
    ) -> None:
        config = load_config({"APP_CONFIG_app_analytics_ga4_measurementId": text}, tmp_path)

        assert config.as_dict() == {"app": {"analytics": {"ga4": {"measurementId": value}}}}

    def test_a_variable_wins_over_the_files(self, tmp_path: Path) -> None:
        environ = {"APP_CONFIG_app_title": "Mine", "APP_CONFIG_app_read": "[]"}

        assert load(tmp_path, "app: {title: Demo, read: [a], port: 1}", environ=environ) == {
            "app": {"title": "Mine", "read": [], "port": 1}
        }

    def test_an_empty_variable_says_nothing(self, tmp_path: Path) -> None:
        assert load(tmp_path, "app: {title: D}", environ={"APP_CONFIG_app_title": ""}) == {
            "app": {"title": "D"}
        }

    @pytest.mark.parametrize("order", [1, -1])
    def test_the_variable_nearer_to_the_value_wins(self, tmp_path: Path, order: int) -> None:
        variables = [("APP_CONFIG_a", '{"b": 1, "c": 2}'), ("APP_CONFIG_a_b", "3")]

        assert load_config(dict(variables[::order]), tmp_path).as_dict() == {"a": {"b": 3, "c": 2}}

    @pytest.mark.parametrize(
        ("environ", "message"),
        [
            ({"APP_CONFIG_app__title": "x"}, "APP_CONFIG_app__title: names no key"),
            ({"APP_CONFIG_": "x"}, "APP_CONFIG_: names no key"),
            ({"APP_CONFIG_a": "null"}, "APP_CONFIG_a: is null"),
            (
                {"APP_CONFIG_a_b": "1", "APP_CONFIG_a": "2"},
                "APP_CONFIG_a_b: is below APP_CONFIG_a, which is a number",
            ),
        ],
    )
    def test_a_wrong_variable_is_an_error(
        self, tmp_path: Path, environ: dict[str, str], message: str
    ) -> None:
        with pytest.raises(ConfigurationError, match=message):
            load_config(environ, tmp_path)


class TestReading:
    def test_values_are_read_by_their_dotted_path(self) -> None:
        config = Config({"app": {"title": "Demo", "debug": True, "share": 0.5, "read": ["a"]}})

        assert (
            config.get_string("app.title"),
            config.get_optional_boolean("app.debug"),
            config.get_optional_number("app.share"),
            config.get_optional_list("app.read"),
            config.keys(),
            config.section("app").keys(),
        ) == ("Demo", True, 0.5, ("a",), ("app",), ("title", "debug", "share", "read"))

    def test_missing_values_are_none_or_empty(self) -> None:
        config = Config({"app": {}})

        assert (
            config.get_optional_string("app.title"),
            config.get_optional_boolean("app.debug"),
            config.get_optional_number("app.share.of"),
            config.get_optional_list("read"),
            config.section("auth.providers").as_dict(),
            config.has("app.title"),
            config.has("app"),
        ) == (None, None, None, None, {}, False, True)

    @pytest.mark.parametrize(
        ("text", "value"), [("true", True), ("On", True), ("1", True), ("no", False), (0, False)]
    )
    def test_a_boolean_out_of_a_variable_is_a_text(self, text: object, value: object) -> None:
        assert Config({"a": text}).get_optional_boolean("a") is value

    @pytest.mark.parametrize(
        ("text", "value"),
        [("8", 8), (" -0.5 ", -0.5), ("1e3", 1000.0), ("9007199254740993", 9007199254740993)],
    )
    def test_a_number_out_of_a_variable_is_a_text(self, text: str, value: float) -> None:
        assert Config({"a": text}).get_optional_number("a") == value

    @pytest.mark.parametrize("value", ["x", "", "1_000", "inf", "nan", True, float("nan"), []])
    def test_other_values_are_not_numbers(self, value: object) -> None:
        with pytest.raises(ConfigurationError, match=r"a: is .*\. Use a number"):
            Config({"a": value}).get_optional_number("a")

    def test_a_wrong_type_names_key_file_value_and_fix(self, tmp_path: Path) -> None:
        config = config_of(tmp_path, "app: {analytics: {matomo: {siteId: 8}}}", "app: {}")

        with pytest.raises(ConfigurationError) as caught:
            config.section("app.analytics").section("matomo").get_string("siteId")

        assert str(caught.value) == (
            "app.analytics.matomo.siteId (0.yaml): is 8. "
            'Use a string; a number or a boolean in quotes, as "8"'
        )

    def test_a_wrong_type_names_the_variable_that_set_it(self, tmp_path: Path) -> None:
        config = config_of(tmp_path, "app: {title: T}", environ={"APP_CONFIG_app_title": "8"})

        with pytest.raises(ConfigurationError, match=r"app\.title \(APP_CONFIG_app_title\): is 8"):
            config.get_string("app.title")

    def test_a_missing_text_names_its_full_key(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^app\.title: is missing\. Give a string$"):
            Config({"app": {}}).section("app").get_string("title")

    def test_an_object_or_list_in_the_wrong_place_is_an_error(self) -> None:
        config = Config({"a": {"password": "hunter2"}, "b": 5, "c": "x"})
        problems = []

        for read in (
            lambda: config.get_string("a"),
            lambda: config.get_optional_string("b.c"),
            lambda: config.section("b"),
            lambda: config.get_optional_list("c"),
            lambda: config.get_optional_boolean("c"),
        ):
            with pytest.raises(ConfigurationError) as caught:
                read()
            problems.append(f"{caught.value.where} {caught.value.problem}")

        assert problems == ["a is an object", "b is 5", "b is 5", 'c is "x"', 'c is "x"']

    @pytest.mark.parametrize(
        "key", ["apiSecret", "token", "dbPassword", "privateKey", "credentials", "plain"]
    )
    def test_an_error_does_not_give_a_secret_away(self, key: str) -> None:
        with pytest.raises(ConfigurationError) as caught:
            Config({key: "https://ann:hunter2@host/"}).get_optional_number(key)

        assert "hunter2" not in str(caught.value)
        assert "hunter2" not in repr(Config({key: "hunter2"}))

    def test_nobody_can_change_a_configuration(self) -> None:
        given_values = {"a": {"b": [{"c": 1}]}}
        config = Config(given_values)

        given_values["a"]["b"].clear()
        config.as_dict()["a"]["b"].clear()
        next(iter(config.get_optional_list("a.b") or ({},))).clear()

        assert config.as_dict() == {"a": {"b": [{"c": 1}]}}

    def test_a_misspelt_key_is_an_error_that_knows_better(self) -> None:
        config = Config({"ga4": {"measurementID": "G-1"}})

        with pytest.raises(
            ConfigurationError, match=r"ga4\.measurementID: is not .* measurementId"
        ):
            config.section("ga4").reject_unknown_keys("measurementId", "debug")

    @pytest.mark.parametrize(
        ("value", "section"),
        [(True, {}), ("true", {}), ({}, {}), ({"a": 1}, {"a": 1}), (False, None), ("no", None)],
    )
    def test_a_section_can_be_switched_on_and_off(self, value: object, section: object) -> None:
        found = Config({"guest": value}).find_section("guest")

        assert (None if found is None else found.as_dict()) == section

    def test_a_section_that_is_not_there_is_off(self) -> None:
        assert Config({}).find_section("auth.guest") is None

    def test_a_switch_keeps_its_full_key(self) -> None:
        section = Config({"app": {"ga4": True}}).section("app").find_section("ga4")

        assert section is not None
        with pytest.raises(ConfigurationError, match=r"^app\.ga4\.id: is missing"):
            section.get_string("id")

    def test_a_section_can_leave_keys_out(self) -> None:
        assert Config({"use": "a:B", "x": 1}).without("use").as_dict() == {"x": 1}
