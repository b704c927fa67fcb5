"""The results of publishing, and its limits."""

import subprocess
from pathlib import Path

import pytest

from backstage_py.plugins.scaffolder.actions.publication import Publication, parse_name
from backstage_py.plugins.scaffolder.errors import ActionError
from backstage_py.plugins.scaffolder.tasks.task import Task
from tests.unit.plugins.scaffolder.conftest import Bench

WRITE = """
- id: write
  action: catalog:write
  input:
    entity:
      apiVersion: backstage.io/v1alpha1
      kind: Component
      metadata: {name: '${{ parameters.name }}'}
      spec: {type: service, lifecycle: experimental, owner: user:leila}
"""


def publish(bench: Bench, rest: str, values: dict[str, str] | None = None) -> Task:
    return bench.run(WRITE + rest, {"name": "seat-map", **(values or {})})[0]


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_a_repository_is_made_registered_and_in_the_catalog(bench: Bench) -> None:
    task = publish(
        bench,
        """
- id: publish
  action: publish:git
  input:
    repoUrl: local?owner=ticketing&repo=${{ parameters.name }}
    gitCommitMessage: 'Begin ${{ parameters.name }}'
    gitAuthorName: "Le\\nila <evil@x>"
    gitAuthorEmail: leila@nordlicht.example
- id: register
  action: catalog:register
  input:
    repoContentsUrl: ${{ steps.publish.output.repoContentsUrl }}
    catalogInfoPath: /catalog-info.yaml
- id: again
  action: catalog:register
  input:
    catalogInfoUrl: ${{ steps.register.output.catalogInfoUrl }}
- id: find
  action: catalog:fetch
  input: {entityRef: '${{ steps.register.output.entityRef }}'}
- id: check
  action: debug:log
  input: {message: '${{ steps.find.output.entity.metadata.annotations | dump }}'}
""",
    )

    assert (task.status, task.error) == ("completed", "")
    repository = bench.folder / "data/repositories/ticketing/seat-map.git"
    written = git(repository, "log", "--format=%an|%ae|%s|%D|%aI", "main").strip()
    assert written.split("|") == [
        "Leila evil@x",
        "leila@nordlicht.example",
        "Begin seat-map",
        "HEAD -> main",
        "2026-11-24T09:30:00+00:00",
    ]
    assert git(repository, "ls-tree", "-r", "--name-only", "main") == "catalog-info.yaml\n"
    assert not git(repository, "fsck", "--strict")
    assert not (repository / "hooks").exists()
    entity = bench.open()._catalog.get_entity("component", "default", "seat-map")
    assert entity.annotations["backstage.io/source-template"] == "template:default/new"


def test_files_are_published_from_a_folder_of_the_workspace(bench: Bench) -> None:
    bench.write("pages/deep/index.html", "<h1>")
    task, _ = bench.run(
        """
        - {action: 'fetch:plain', input: {url: ./pages, targetPath: site}}
        - {id: out, action: 'publish:file', input: {name: web/one, sourcePath: site}}
        """,
        rest="output: {where: '${{ steps.out.output.path }}'}",
    )

    assert task.output.others == {"where": "data/published/web/one"}
    assert (bench.folder / "data/published/web/one/deep/index.html").read_text() == "<h1>"


@pytest.mark.parametrize("action", ["publish:file", "publish:git"])
def test_what_is_published_is_not_overwritten_by_another_task(bench: Bench, action: str) -> None:
    key = "name" if action == "publish:file" else "repoUrl"
    step = f"\n- {{id: out, name: Publish, action: '{action}', input: {{{key}: one}}}}"

    assert publish(bench, step).status == "completed"
    assert "is published already; choose another name" in publish(bench, step).error


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        "a/../../b",
        "a//b",
        "a/b/c/d",
        "",
        ".hidden",
        "x.lock",
        "a b",
        "-x",
        "host?owner=..&repo=x",
        "host?owner=a/b&repo=../../x",
        "host?owner=a",
        "host?repo=",
        "ä",
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ActionError, match="not a name to publish under"):
        parse_name(name)


def test_a_name_may_be_a_repository_with_and_without_its_owner() -> None:
    assert parse_name("shop.git") == "shop"
    assert parse_name("ticketing/shop") == "ticketing/shop"
    assert parse_name("git.example?owner=ticketing&repo=shop") == "ticketing/shop"


@pytest.mark.parametrize("branch", ["-x", "a..b", "x.lock", "a b", "../x", "a\nb", "@{1}", "refs/"])
def test_an_invalid_branch_is_refused_and_leaves_nothing(bench: Bench, branch: str) -> None:
    step = f"\n- {{action: 'publish:git', input: {{repoUrl: one, defaultBranch: {branch!r}}}}}"

    assert "cannot be the name of a branch" in publish(bench, step.replace("\\n", " \\n")).error
    assert list((bench.folder / "data/repositories").iterdir()) == []


def test_an_empty_workspace_is_not_published(bench: Bench) -> None:
    task, _ = bench.run("- {action: 'publish:git', input: {repoUrl: one}}")

    assert "nothing in the workspace to publish" in task.error


def test_a_result_appears_whole_or_not_at_all_and_only_its_own_task_replaces_it(
    tmp_path: Path,
) -> None:
    publication = Publication(tmp_path)

    def break_(part: Path) -> None:
        (part / "half").write_text("half")
        raise OSError("disk full")

    def fill(part: Path) -> None:
        (part / "whole").write_text("whole")

    with pytest.raises(OSError, match="disk full"):
        publication.publish("a/one", task_id="t1", fill=break_)
    assert not (tmp_path / "a/one").exists()
    publication.publish("a/one", task_id="t2", fill=fill)
    publication.publish("a/one", task_id="t2", fill=fill)
    with pytest.raises(ActionError, match="published already"):
        publication.publish("a/one", task_id="t1", fill=fill)
    with pytest.raises(ActionError, match="lies in one"):
        publication.publish("a/one/two", task_id="t3", fill=fill)
    assert [path.name for path in (tmp_path / "a/one").iterdir()] == ["whole"]


def test_nothing_is_published_over_a_symlink(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/link").symlink_to(tmp_path)

    for name in ("link/one", "link"):
        with pytest.raises(ActionError):
            Publication(tmp_path / "out").publish(name, task_id="t", fill=lambda part: None)
