import pytest

from backstage_py.analytics import Config, ConfigurationError
from backstage_py.plugins.scaffolder.settings import ScaffolderSettings


def test_without_a_section_everything_lies_below_data() -> None:
    settings = ScaffolderSettings.read(Config({}))

    assert settings.working_directory == "data/scaffolder"
    assert settings.publish.git.folder == "data/repositories"
    assert settings.publish.file.folder == "data/published"
    assert settings.keep_failed.days == 7


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ({"concurrentTasksLimit": 101}, "scaffolder.concurrentTasksLimit"),
        ({"publish": {"git": {"folder": ""}}}, "scaffolder.publish.git.folder"),
        ({"defaultAuthor": {"mail": "x"}}, "scaffolder.defaultAuthor.mail"),
        ({"taskTimeout": 1}, "scaffolder.taskTimeout"),
    ],
)
def test_a_wrong_key_or_value_is_named(section: dict[str, object], key: str) -> None:
    with pytest.raises(ConfigurationError, match=key):
        ScaffolderSettings.read(Config({"scaffolder": section}))
