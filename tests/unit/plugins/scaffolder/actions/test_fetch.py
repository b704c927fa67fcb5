"""Fetching files into the workspace, and its limits."""

import subprocess
from pathlib import Path

import pytest

from backstage_py.plugins.scaffolder.tasks.task import DryRun
from backstage_py.plugins.scaffolder.templates.source import split_file_address
from tests.unit.plugins.scaffolder.conftest import USER, Bench

VALUES = (
    "{name: shop, package: org/nordlicht, docker: false, up: '../..', abs: '/tmp/x', empty: ''}"
)


def try_out(bench: Bench, input_: str, action: str = "fetch:template") -> DryRun:
    ref = bench.add_template(f"- {{id: fetch, name: Fetch, action: '{action}', input: {input_}}}")
    scaffolder = bench.open()
    return scaffolder.dry_run(scaffolder.get_template(ref), {}, user=USER)


def texts(run: DryRun) -> dict[str, str | None]:
    assert not run.error
    return {file.path: file.text for file in run.files}


def test_names_and_contents_are_rendered_and_empty_names_left_out(bench: Bench) -> None:
    for name, content in {
        "src/${{ values.package }}/${{ values.name }}.py": "name = ${{ values.name | dump }}\n",
        "{% if values.docker %}Dockerfile{% endif %}": "FROM scratch",
        "{% if values.docker %}deploy{% endif %}/app.yaml": "x",
        "a/${{ values.empty }}/b.txt": "x",
        ".github/workflows/build.yaml": "on: {% if values.docker %}x{% else %}y{% endif %}",
        ".gitignore": "*.pyc",
    }.items():
        bench.write(f"skeleton/{name}", content)

    assert texts(try_out(bench, f"{{url: ./skeleton, values: {VALUES}}}")) == {
        ".github/workflows/build.yaml": "on: y",
        ".gitignore": "*.pyc",
        "src/org/nordlicht/shop.py": 'name = "shop"\n',
    }


@pytest.mark.parametrize("name", ["${{ values.up }}", "x/${{ values.up }}", "${{ '.' }}git/config"])
def test_a_rendered_name_cannot_lead_out(bench: Bench, name: str) -> None:
    bench.write(f"skeleton/{name}/evil.txt", "x")

    run = try_out(bench, f"{{url: ./skeleton, values: {VALUES}}}")
    assert "leads out of the workspace" in run.error or "belongs to git" in run.error
    assert run.files == ()


def test_a_rendered_name_that_is_absolute_is_left_out(bench: Bench) -> None:
    bench.write("skeleton/${{ values.abs }}/evil.txt", "x")
    bench.write("skeleton/good.txt", "x")

    assert texts(try_out(bench, f"{{url: ./skeleton, values: {VALUES}}}")) == {"good.txt": "x"}


@pytest.mark.parametrize("target", ["../x", "/tmp/x", "a/../../x"])
@pytest.mark.parametrize("action", ["fetch:template", "fetch:plain"])
def test_no_target_leads_out(bench: Bench, target: str, action: str) -> None:
    bench.write("skeleton/a.txt", "x")

    run = try_out(bench, f"{{url: ./skeleton, targetPath: '{target}'}}", action)
    assert "workspace" in run.error or "relative path" in run.error


@pytest.mark.parametrize(
    "url", ["../../", "/etc", "./skeleton/../../..", "file:///etc", "dir:/etc"]
)
def test_nothing_beyond_the_templates_location_is_fetched(bench: Bench, url: str) -> None:
    assert "cannot be fetched" in try_out(bench, f"{{url: '{url}'}}", "fetch:plain").error


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "http://169.254.169.254/latest/meta-data", "http://[::1]/x"]
)
def test_no_internal_address_is_asked(bench: Bench, url: str) -> None:
    run = try_out(bench, f"{{url: '{url}', targetPath: x}}", "fetch:plain:file")

    assert "is not on the public internet" in run.error


def test_symlinks_of_a_skeleton_are_left_out(bench: Bench) -> None:
    (bench.folder / "secret.txt").write_text("secret")
    bench.write("skeleton/a.txt", "x")
    (bench.folder / "catalog/skeleton/link.txt").symlink_to(bench.folder / "secret.txt")
    (bench.folder / "catalog/skeleton/folder").symlink_to(bench.folder)

    assert texts(try_out(bench, "{url: ./skeleton}", "fetch:plain")) == {"a.txt": "x"}


def test_binary_files_and_modes_come_as_they_are(bench: Bench) -> None:
    bench.write("skeleton/logo.png", b"\x89PNG\x00${{ values.name }}")
    bench.write("skeleton/latin.txt", b"\xe9${{ values.name }}")
    bench.write("skeleton/gradlew", "#!/bin/sh\necho ${{ values.name }}\n").chmod(0o755)
    ref = bench.add_template(
        f"""
        - {{id: a, action: 'fetch:template', input: {{url: ./skeleton, values: {VALUES}}}}}
        - {{id: b, action: 'publish:file', input: {{name: out}}}}
        """
    )
    scaffolder = bench.open()
    task_id = scaffolder.create_task(ref, {}, user=USER)
    scaffolder.worker.run_pending()

    assert scaffolder.get_task(task_id).status == "completed"
    out = bench.folder / "data/published/out"
    assert (out / "logo.png").read_bytes() == b"\x89PNG\x00${{ values.name }}"
    assert (out / "latin.txt").read_bytes() == b"\xe9${{ values.name }}"
    assert (out / "gradlew").read_text() == "#!/bin/sh\necho shop\n"
    assert [one.name for one in sorted(out.iterdir()) if one.stat().st_mode & 0o100] == ["gradlew"]


def test_copied_files_are_unchanged_except_their_names(bench: Bench) -> None:
    bench.write("skeleton/ci/${{ values.name }}.yaml", "${{ github.token }} ${{ a | nosuch }}")
    bench.write("skeleton/README.md", "${{ values.name }}")

    input_ = f"{{url: ./skeleton, copyWithoutTemplating: ['ci/*'], values: {VALUES}}}"
    assert texts(try_out(bench, input_)) == {
        "README.md": "shop",
        "ci/shop.yaml": "${{ github.token }} ${{ a | nosuch }}",
    }


@pytest.mark.parametrize("extension", ["true", ".njk"])
def test_only_files_of_an_extension_are_rendered_and_lose_it(bench: Bench, extension: str) -> None:
    bench.write("skeleton/a.md.njk", "${{ values.name }}")
    bench.write("skeleton/b.md", "${{ values.name }}")

    input_ = f"{{url: ./skeleton, templateFileExtension: {extension}, values: {VALUES}}}"
    assert texts(try_out(bench, input_)) == {"a.md": "shop", "b.md": "${{ values.name }}"}


def test_what_is_there_stays_unless_it_is_to_be_replaced(bench: Bench) -> None:
    bench.write("one/a.txt", "1")
    bench.write("two/a.txt", "2")
    for replace, expected in (("false", "1"), ("true", "2")):
        ref = bench.add_template(
            f"""
            - {{action: 'fetch:plain', input: {{url: ./one}}}}
            - {{action: 'fetch:template', input: {{url: ./two, replace: {replace}}}}}
            """
        )
        scaffolder = bench.open()
        run = scaffolder.dry_run(scaffolder.get_template(ref), {}, user=USER)
        assert texts(run) == {"a.txt": expected}


def test_an_error_in_a_skeleton_names_the_file_and_the_line(bench: Bench) -> None:
    bench.write("skeleton/deep/a.md", "one\n${{ values.name | }}")

    error = try_out(bench, f"{{url: ./skeleton, values: {VALUES}}}").error
    assert error.startswith("Fetch: deep/a.md: ")
    assert "line 2" in error


def test_single_files_are_copied_or_rendered(bench: Bench) -> None:
    bench.write("LICENSE", "${{ values.name }}")
    for action, expected in (
        ("fetch:plain:file", "${{ values.name }}"),
        ("fetch:template:file", "shop"),
    ):
        input_ = f"{{url: ./LICENSE, targetPath: docs/LICENSE, values: {VALUES}}}"
        assert texts(try_out(bench, input_, action)) == {"docs/LICENSE": expected}


def test_a_template_in_a_git_repository_fetches_what_is_committed_there(tmp_path: Path) -> None:
    from backstage_py.plugins.catalog.api import CatalogService
    from backstage_py.plugins.scaffolder.templates.source import CatalogSource

    repository = tmp_path / "templates"
    (repository / "new/skeleton/.github").mkdir(parents=True)
    (repository / "new/skeleton/.github/run.sh").write_text("#!/bin/sh")
    (repository / "new/skeleton/.github/run.sh").chmod(0o755)
    (repository / "new/template.yaml").write_text(
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: new}\n"
        "spec: {type: x, owner: user:leila, steps: []}\n"
    )
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=repository, check=True)
    catalog = CatalogService.from_config(
        [{"type": "git", "target": "templates//new/template.yaml"}], base_dir=tmp_path
    )
    catalog.refresh()
    source = CatalogSource(catalog, catalog.get_entity("template", "default", "new"))

    (file,) = source.read_folder("./skeleton")
    assert (file.path, file.content, file.is_executable) == (".github/run.sh", b"#!/bin/sh", True)


@pytest.mark.parametrize(
    ("address", "split"),
    [
        ("./a/b.md", ("./a", "b.md")),
        ("b.md", ("", "b.md")),
        ("https://github.com/o/r/blob/main/b.md", ("https://github.com/o/r/blob/main", "b.md")),
        (
            "https://dev.azure.com/o/p/_git/r?path=/a/b.md&version=GBmain",
            ("https://dev.azure.com/o/p/_git/r?path=/a&version=GBmain", "b.md"),
        ),
        (
            "https://dev.azure.com/o/p/_git/r?path=/b.md",
            ("https://dev.azure.com/o/p/_git/r?path=/", "b.md"),
        ),
    ],
)
def test_the_folder_and_the_name_of_a_file(address: str, split: tuple[str, str]) -> None:
    assert split_file_address(address) == split
