import json
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import Field, SecretStr

from backstage_py.analytics.config.configuration import Config, ConfigSource
from backstage_py.analytics.config.loader import load_config
from backstage_py.analytics.config.settings import (
    HttpAddress,
    OneOrMore,
    RequiredText,
    SettingsModel,
)
from backstage_py.analytics.errors import ConfigurationError


class Part(SettingsModel):
    kind: Literal["a", "b"] = Field(description="a or b")


class Example(SettingsModel):
    """A schema with one field of each sort."""

    host: RequiredText = Field(description="an address")
    api_key: SecretStr | None = Field(None, description="a key")
    per_minute: float = Field(1, ge=0, description="a number from 0 on")
    is_on: bool = Field(False, description="true or false")
    names: OneOrMore[RequiredText] = Field((), description="a name, or a list of names")
    parts: tuple[Part, ...] = Field((), description="a list of parts")
    inner: Part | None = None
    endpoint: HttpAddress = Field("https://host", description="an address as https://host")


def read(**section: Any) -> Example:
    values = {"app": {"tool": {"host": "http://x", **section}}}
    config = Config(values, (ConfigSource("app-config.yaml", values),))
    return Example.from_config(config.section("app.tool"))


def test_values_come_in_pythons_types() -> None:
    found = read(apiKey="s", perMinute="2.5", isOn="yes", names="one", parts=[{"kind": "b"}])

    assert (found.per_minute, found.is_on, found.names) == (2.5, True, ("one",))
    assert found.parts[0].kind == "b"
    assert list(found.secrets()) == ["s"]


def test_secrets_are_not_shown() -> None:
    assert "s3cret" not in repr(read(apiKey="s3cret"))


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"host": None}, "app.tool.host (app-config.yaml): is missing. Give an address"),
        ({"host": ""}, 'app.tool.host (app-config.yaml): is "". Use an address'),
        ({"host": 5}, "app.tool.host (app-config.yaml): is 5. Use an address"),
        (
            {"hots": "x"},
            "app.tool.hots (app-config.yaml): is not a known key. Did you mean host?",
        ),
        (
            {"api_key": "x"},
            "app.tool.api_key (app-config.yaml): is not a known key. Did you mean apiKey?",
        ),
        (
            {"apiKey": {"a": "hidden"}},
            "app.tool.apiKey (app-config.yaml): is an object. Use a key",
        ),
        ({"perMinute": -1}, "app.tool.perMinute (app-config.yaml): is -1. Use a number from 0 on"),
        (
            {"names": ["a", 5]},
            "app.tool.names[1] (app-config.yaml): is 5. Use a name, or a list of names",
        ),
        (
            {"parts": [{"kind": "a"}, {"kind": "c"}]},
            'app.tool.parts[1].kind (app-config.yaml): is "c". Use a or b',
        ),
        (
            {"parts": [{}]},
            "app.tool.parts[0].kind (app-config.yaml): is missing. Give a or b",
        ),
        ({"parts": "a"}, 'app.tool.parts (app-config.yaml): is "a". Use a list of parts'),
        (
            {"inner": {"kind": "a", "sort": 1}},
            "app.tool.inner.sort (app-config.yaml): is not a known key. Use kind",
        ),
    ],
)
def test_the_first_wrong_key_is_named_with_its_fix(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        read(**section)

    assert str(error.value) == message


@pytest.mark.parametrize(
    "address", ["host/path", "ftp://host", "https://", "http://[", "http://a:b", "https://a b"]
)
def test_an_address_that_nothing_can_be_sent_to_is_an_error_at_the_start(address: str) -> None:
    with pytest.raises(ConfigurationError, match=r"Use an address as https://host$"):
        read(endpoint=address)


@pytest.mark.parametrize(
    ("written", "is_warned_of"),
    [("s3cret", True), ("${API_KEY}", False), ({"$env": "API_KEY"}, False)],
)
def test_a_secret_written_in_a_file_logs_a_warning(
    written: Any, *, is_warned_of: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    section = {"host": "http://x", "apiKey": written}
    (tmp_path / "app-config.yaml").write_text(json.dumps({"tool": section}), encoding="utf-8")

    found = Example.from_config(load_config({"API_KEY": "s3cret"}, tmp_path).section("tool"))

    assert list(found.secrets()) == ["s3cret"]
    assert ("tool.apiKey (app-config.yaml) is a secret" in caplog.text) is is_warned_of
    assert "s3cret" not in caplog.text


def test_a_secret_of_a_section_below_is_warned_of_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Outer(SettingsModel):
        tool: Example

    section = {"outer": {"tool": {"host": "http://x", "apiKey": "s3cret"}}}
    (tmp_path / "app-config.yaml").write_text(json.dumps(section), encoding="utf-8")

    Outer.from_config(load_config({}, tmp_path).section("outer"))

    assert "outer.tool.apiKey (app-config.yaml) is a secret" in caplog.text
