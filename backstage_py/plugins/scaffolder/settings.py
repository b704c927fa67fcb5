"""The section `scaffolder` of the configuration. Source of the keys: Backstage's `scaffolder`."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field

from backstage_py.analytics import Config, RequiredText, SettingsModel
from backstage_py.plugins.scaffolder.tasks.redaction import SHOWN


class Author(SettingsModel):
    """The default author of commits."""

    name: Annotated[RequiredText, Field(description="a name")] = "Scaffolder"
    email: Annotated[RequiredText, Field(description="an address")] = "scaffolder@localhost"


class FilePublishing(SettingsModel):
    """The settings of `publish:file`."""

    folder: Annotated[RequiredText, Field(description="a folder, as data/published")] = (
        "data/published"
    )


class GitPublishing(SettingsModel):
    """The settings of `publish:git`."""

    folder: Annotated[RequiredText, Field(description="a folder, as data/repositories")] = (
        "data/repositories"
    )
    base_url: Annotated[
        str, Field(description="the address where others reach the folder's repositories")
    ] = ""


class Publishing(SettingsModel):
    """The places that templates publish to."""

    file: FilePublishing = FilePublishing()
    git: GitPublishing = GitPublishing()


class Environment(SettingsModel):
    """The `environment` of every template; secrets are only visible in inputs of steps."""

    parameters: dict[str, str] = Field(default_factory=dict[str, str], description="texts by name")
    secret_texts: dict[str, str] = Field(
        default_factory=dict[str, str], alias="secrets", description="texts by name, as ${TOKEN}"
    )

    def without_secrets(self) -> Self:
        """The environment for dry runs, with only the names of secrets."""
        return self.model_copy(update={"secret_texts": dict.fromkeys(self.secret_texts, SHOWN)})


NO_ENVIRONMENT = Environment()


class ScaffolderSettings(SettingsModel):
    """The settings of the software templates."""

    working_directory: Annotated[
        RequiredText, Field(description="a folder, as data/scaffolder")
    ] = "data/scaffolder"
    concurrent_tasks_limit: Annotated[
        int, Field(ge=0, le=100, description="how many tasks run at once here, from 0 to 100")
    ] = 3
    keep_failed_days: Annotated[
        float, Field(ge=0, le=3650, description="days, as 7: so long failed tasks can be retried")
    ] = 7.0
    default_author: Author = Author()
    default_commit_message: Annotated[RequiredText, Field(description="a message")] = (
        "Initial commit"
    )
    publish: Publishing = Publishing()
    default_environment: Environment = NO_ENVIRONMENT

    @classmethod
    def read(cls, config: Config) -> Self:
        """Read the section, which may be missing.

        Raises:
            ConfigurationError: For the first wrong key.
        """
        section = config.find_section("scaffolder")
        return cls() if section is None else cls.from_config(section)

    @property
    def keep_failed(self) -> timedelta:
        """How long the files of a failed task are kept."""
        return timedelta(days=self.keep_failed_days)
