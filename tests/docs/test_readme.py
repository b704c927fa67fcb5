import re

import pytest

from tests.conftest import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
DOCS = sorted((PROJECT / "docs").glob("*.md"))


@pytest.mark.parametrize("example", ["examples/webhook.py", "examples/test_deploy_button.py"])
def test_the_readme_shows_examples_as_they_are(example: str) -> None:
    code = (PROJECT / example).read_text(encoding="utf-8").split('"""\n\n', 1)[1]

    assert code in README


def test_the_commands_of_the_readme_are_in_the_makefile() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"^(?:PORT=\d+ )?make (\w+)", README, re.MULTILINE))

    assert {"run", "test", "dev", "check", "bench"} <= commands
    assert all(re.search(rf"^{command}:", makefile, re.MULTILINE) for command in commands)


@pytest.mark.parametrize("page", [PROJECT / "README.md", *DOCS], ids=lambda page: page.name)
def test_every_file_that_is_linked_is_there(page: object) -> None:
    text = (PROJECT / str(page)).read_text(encoding="utf-8")
    folder = (PROJECT / str(page)).parent
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)

    assert [target for target in targets if not (folder / target).exists()] == []
