import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from backstage_py.plugins.catalog.errors import DescriptorError, MissingFileError
from backstage_py.plugins.catalog.sources import git_program
from backstage_py.plugins.catalog.sources.file_text import MAX_FILE_BYTES
from backstage_py.plugins.catalog.sources.git_tree import GitTree
from backstage_py.plugins.catalog.sources.source_tree import SourceTree

AUTHOR = ["-c", "user.name=A", "-c", "user.email=a@example.com"]


def git(folder: Path, *arguments: str) -> str:
    command = ["git", *AUTHOR, "-c", "protocol.file.allow=always", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(repository: Path, files: dict[str, str | bytes]) -> str:
    """Write and commit files; gives the commit."""
    for name, content in files.items():
        file = repository / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "change")
    return git(repository, "rev-parse", "HEAD")


def make_repository(folder: Path) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "base").mkdir()
    return tmp_path / "base"


@pytest.fixture
def repo(base: Path) -> Path:
    """A repository with a few descriptors, two folders deep in the base folder."""
    repo = make_repository(base / "repos" / "shop")
    files = {
        "catalog-info.yaml": "root",
        "catalog/a.yaml": "a",
        "catalog/b.yaml": "b",
        "catalog/deep/c.yaml": "c",
        "catalog/notes.md": "notes",
    }
    commit(repo, dict(files))
    return repo


@pytest.fixture
def tree(base: Path, repo: Path) -> SourceTree:
    return GitTree(base)


def read(tree: SourceTree, target: str) -> list[str]:
    return [tree.read(address) for address in tree.find(target, beside=None)]


# Targets


@pytest.mark.parametrize(
    ("target", "texts"),
    [
        ("repos/shop", ["root"]),
        ("repos/shop//", ["root"]),
        ("repos/shop?ref=main", ["root"]),
        ("./repos/../repos/shop/.git//catalog-info.yaml", ["root"]),
        ("repos/shop//catalog/./deep/../a.yaml", ["a"]),
        ("repos/shop//catalog/*.yaml?ref=main", ["a", "b"]),
        ("repos/shop//catalog/?.yaml?ref=main", ["a", "b"]),
        ("repos/shop//**/*.yaml", ["root", "a", "b", "c"]),
        ("repos/shop//catalog/[bx].y*", ["b"]),
        ("repos/shop//nothing/*.yaml", []),
    ],
)
def test_a_target_is_a_repository_and_a_path_inside(
    tree: SourceTree, target: str, texts: list[str]
) -> None:
    assert read(tree, target) == texts


def test_an_address_is_written_as_the_target(tree: SourceTree, repo: Path) -> None:
    found = tree.find("repos/../repos/shop//catalog/b*.yaml?ref=main", beside=None)
    assert found == [f"{repo.resolve()}//catalog/b.yaml?ref=main"]
    assert tree.label(found[0]) == "repos/shop//catalog/b.yaml?ref=main"

    [address] = tree.find("repos/shop", beside=None)
    assert tree.label(address) == "repos/shop//catalog-info.yaml"


def test_the_base_folder_may_be_the_repository(tmp_path: Path) -> None:
    commit(make_repository(tmp_path / "shop"), {"catalog-info.yaml": "root"})
    tree = GitTree(tmp_path / "shop")

    [address] = tree.find(".//catalog-info.yaml", beside=None)
    assert tree.label(address) == ".//catalog-info.yaml"
    assert tree.read(address) == "root"


@pytest.mark.parametrize(
    ("target", "label"),
    [
        ("b.yaml", "repos/shop//catalog/b.yaml?ref=main"),
        ("./deep/c.yaml", "repos/shop//catalog/deep/c.yaml?ref=main"),
        ("../catalog-info.yaml", "repos/shop//catalog-info.yaml?ref=main"),
    ],
)
def test_a_file_names_others_of_its_commit(tree: SourceTree, target: str, label: str) -> None:
    [beside] = tree.find("repos/shop//catalog/a.yaml?ref=main", beside=None)

    [found] = tree.find(target, beside=beside)
    assert found == tree.resolve(target, beside=beside)
    assert tree.label(found) == label


def test_a_glob_beside_a_file_looks_from_its_folder(tree: SourceTree) -> None:
    [beside] = tree.find("repos/shop//catalog/a.yaml", beside=None)

    found = [tree.read(address) for address in tree.find("../**/[ac].yaml", beside=beside)]
    assert found == ["a", "c"]


def test_a_plain_target_is_given_back_even_if_nothing_is_there(tree: SourceTree) -> None:
    [address] = tree.find("repos/shop//none.yaml", beside=None)

    with pytest.raises(MissingFileError, match=r"does not exist .*repos/shop//none\.yaml"):
        tree.read(address)


@pytest.mark.parametrize(
    "target", ["../../x.yaml", "../../../shop2/x", "../*/../../x", "../../*.yaml"]
)
def test_no_path_leads_out_of_the_repository(tree: SourceTree, target: str) -> None:
    [beside] = tree.find("repos/shop//catalog/a.yaml", beside=None)

    with pytest.raises(DescriptorError, match="must stay inside its repository"):
        tree.find(target, beside=beside)
    with pytest.raises(DescriptorError, match="must stay inside its repository"):
        tree.find("repos/shop//../x.yaml", beside=None)


@pytest.mark.parametrize(
    "target",
    [
        "/etc/passwd",
        "file:///etc/passwd",
        "https://example.com/a.yaml",
        "other//a.yaml",
        "a.yaml?ref=other",
    ],
)
def test_a_file_names_only_files_of_its_commit(tree: SourceTree, target: str) -> None:
    [beside] = tree.find("repos/shop//catalog/a.yaml", beside=None)

    with pytest.raises(DescriptorError, match="a relative path to a file of the same commit"):
        tree.find(target, beside=beside)
    with pytest.raises(DescriptorError, match="a relative path to a file of the same commit"):
        tree.resolve(target, beside=beside)


@pytest.mark.parametrize("pattern", ["a**/*.yaml", "***"])
def test_a_pattern_that_means_nothing_is_refused(tree: SourceTree, pattern: str) -> None:
    with pytest.raises(DescriptorError, match="a pattern must be usable"):
        tree.find(f"repos/shop//{pattern}", beside=None)


# Repositories


def test_a_bare_repository_is_read(base: Path, repo: Path) -> None:
    git(base, "clone", "-q", "--bare", str(repo), "shop.git")

    assert read(GitTree(base), "shop.git//catalog/a.yaml?ref=main") == ["a"]


@pytest.mark.parametrize(
    "target",
    [
        "https://github.com/o/r.git//a.yaml",
        "git::https://github.com/o/r.git",
        "ext::sh -c id",
        "git@github.com:o/r.git",
        "file:///repos/shop",
    ],
)
def test_only_local_repositories_are_read(tree: SourceTree, target: str) -> None:
    with pytest.raises(DescriptorError, match="only local repositories are read"):
        tree.find(target, beside=None)


def test_credentials_of_a_remote_are_not_shown(tree: SourceTree) -> None:
    [beside] = tree.find("repos/shop", beside=None)

    for seen_from in (None, beside):
        with pytest.raises(DescriptorError, match="example") as caught:
            tree.find("https://me:s3cret@example.com/r.git", beside=seen_from)
        assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("target", ["../outside", "link", "/", "repos/../../outside"])
def test_a_repository_outside_is_refused(base: Path, target: str) -> None:
    outside = make_repository(base.parent / "outside")
    commit(outside, {"catalog-info.yaml": "secret"})
    (base / "link").symlink_to(outside)

    with pytest.raises(DescriptorError, match="must lie below the folder of the app config"):
        GitTree(base).find(target, beside=None)


@pytest.mark.parametrize("part", [".git", ".git/objects"])
def test_a_repository_whose_data_lie_outside_is_refused(base: Path, part: str) -> None:
    outside = make_repository(base.parent / "outside")
    commit(outside, {"catalog-info.yaml": "secret"})
    inside = make_repository(base / "inside")
    moved = inside / part
    moved.rename(base.parent / "unused")
    if part == ".git":
        moved.write_text(f"gitdir: {outside}/.git", encoding="utf-8")
    else:
        moved.symlink_to(outside / part)
    tree = GitTree(base)

    with pytest.raises(DescriptorError, match="with all its data"):
        read(tree, "inside")


@pytest.mark.parametrize("target", ["none", "repos", "repos/shop/catalog", "a\0b", "x" * 5000])
def test_a_place_without_a_repository_is_an_error(tree: SourceTree, target: str) -> None:
    with pytest.raises(DescriptorError, match=r"no git repository is there|a usable path"):
        read(tree, f"{target}//a.yaml")


def test_a_repository_around_the_base_folder_is_not_meant(repo: Path) -> None:
    with pytest.raises(DescriptorError, match="no git repository is there"):
        read(GitTree(repo / "catalog"), ".//catalog/a.yaml")


def test_a_colon_in_the_path_does_not_open_the_repository_around(base: Path) -> None:
    odd = make_repository(base / "a:b")
    commit(odd, {"catalog/a.yaml": "a"})

    with pytest.raises(DescriptorError, match="no git repository is there"):
        read(GitTree(odd), "catalog//a.yaml")


def test_git_must_be_installed(
    tree: SourceTree, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(DescriptorError, match="git is not installed"):
        read(tree, "repos/shop")


Script = Callable[[str], None]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Script:
    """Put a shell script in the place of git."""

    def write(text: str) -> None:
        program = tmp_path / "bin" / "git"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

    return write


def test_a_repository_of_another_user_is_an_error(tree: SourceTree, script: Script) -> None:
    real = subprocess.run(["which", "git"], check=True, capture_output=True, text=True)
    script(f'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {real.stdout.strip()} "$@"')

    with pytest.raises(DescriptorError, match="belongs to another user"):
        read(tree, "repos/shop")


def test_a_git_that_does_not_answer_is_given_up(
    tree: SourceTree, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_program, "TIMEOUT_SECONDS", 0.2)
    script("exec sleep 20")

    with pytest.raises(DescriptorError, match=r"git does not answer within 0\.2 seconds"):
        read(tree, "repos/shop")


def test_a_broken_repository_is_an_error(tree: SourceTree, repo: Path) -> None:
    blob = git(repo, "rev-parse", "HEAD:catalog-info.yaml")
    (repo / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

    with pytest.raises(DescriptorError, match="git cannot read the repository"):
        read(tree, "repos/shop")


def test_the_environment_of_the_portal_does_not_choose_the_repository(
    tree: SourceTree, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_repository(base / "other")
    commit(other, {"catalog-info.yaml": "other"})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))

    assert read(tree, "repos/shop") == ["root"]


def test_what_a_partial_clone_lacks_is_not_fetched(base: Path, repo: Path) -> None:
    git(repo, "config", "uploadpack.allowFilter", "true")
    source = repo.as_uri()
    git(base, "clone", "-q", "--bare", "--filter=blob:none", source, "partial.git")
    partial = base / "partial.git"
    marker = base / "ran"
    git(partial, "config", "protocol.ext.allow", "always")
    git(partial, "config", "remote.origin.url", f"ext::touch {marker}")

    with pytest.raises(DescriptorError, match="git cannot read the repository"):
        read(GitTree(base), "partial.git//catalog-info.yaml")
    assert not marker.exists()


# Refs


def test_a_ref_is_a_branch_a_tag_or_a_commit(tree: SourceTree, repo: Path) -> None:
    first = git(repo, "rev-parse", "HEAD")
    git(repo, "tag", "-a", "v1.0", "-m", "first")
    git(repo, "checkout", "-qb", "feature/new+one")
    commit(repo, {"catalog-info.yaml": "new"})

    for ref, text in {
        "v1.0": "root",
        first: "root",
        first[:10]: "root",
        "main": "root",
        "feature/new+one": "new",
        "HEAD": "new",
    }.items():
        assert read(tree, f"repos/shop//catalog-info.yaml?ref={ref}") == [text]
    assert read(tree, "repos/shop//catalog-info.yaml") == ["new"]


def test_only_what_is_committed_is_read(tree: SourceTree, repo: Path) -> None:
    (repo / "catalog-info.yaml").write_text("changed", encoding="utf-8")
    (repo / "catalog" / "new.yaml").write_text("new", encoding="utf-8")
    git(repo, "add", "catalog/new.yaml")

    assert read(tree, "repos/shop") == ["root"]
    assert read(tree, "repos/shop//catalog/*.yaml") == ["a", "b"]


def test_a_tree_sees_one_state_and_the_next_one_the_next(
    tree: SourceTree, base: Path, repo: Path
) -> None:
    read(tree, "repos/shop")
    commit(repo, {"catalog-info.yaml": "new"})

    assert read(tree, "repos/shop") == ["root"]
    assert read(GitTree(base), "repos/shop") == ["new"]


@pytest.mark.parametrize("ref", ["none", "v9", "0" * 40, "HEAD/x", "main.lock"])
def test_an_unknown_ref_is_an_error(tree: SourceTree, ref: str) -> None:
    with pytest.raises(DescriptorError, match=f"no commit, tag or branch {ref}"):
        read(tree, f"repos/shop//a.yaml?ref={ref}")


def test_a_repository_without_a_commit_has_no_head(base: Path) -> None:
    make_repository(base / "empty")

    with pytest.raises(DescriptorError, match="no commit, tag or branch HEAD"):
        read(GitTree(base), "empty")


@pytest.mark.parametrize(
    "ref",
    [
        "--all",
        "-h",
        "--output=/tmp/x",
        "main:catalog-info.yaml",
        "main^{/secret}",
        "main~1",
        "main..v1",
        "main@{1}",
        "a b",
        "a\nb",
        "/main",
        "*",
    ],
)
def test_a_ref_is_a_name_and_nothing_more(tree: SourceTree, ref: str) -> None:
    with pytest.raises(DescriptorError, match="must name a branch, a tag or a commit"):
        tree.find(f"repos/shop//a.yaml?ref={ref}", beside=None)


# Files


@pytest.mark.parametrize("name", ["--help", "-x", "a b.yaml", "ä.yaml", "HEAD:x", "a\nb", "q?r=1"])
def test_a_file_may_have_any_name(tree: SourceTree, repo: Path, name: str) -> None:
    commit(repo, {f"odd/{name}": "odd"})

    assert read(tree, "repos/shop//odd/*") == ["odd"]


def test_symlinks_are_not_followed(tree: SourceTree, base: Path, repo: Path) -> None:
    (base / "secret.yaml").write_text("secret", encoding="utf-8")
    (repo / "link.yaml").symlink_to(base / "secret.yaml")
    (repo / "folder").symlink_to("catalog")
    commit(repo, {})

    for target in ("link.yaml", "*link.yaml", "folder", "folder/a.yaml"):
        with pytest.raises(DescriptorError, match="a symlink is not followed"):
            read(tree, f"repos/shop//{target}")


def test_submodules_are_not_read(tree: SourceTree, base: Path, repo: Path) -> None:
    part = make_repository(base / "part")
    commit(part, {"a.yaml": "part"})
    git(repo, "submodule", "add", "-q", str(part), "part")
    commit(repo, {})

    for target in ("part", "part/a.yaml"):
        with pytest.raises(DescriptorError, match="a submodule is not read"):
            read(tree, f"repos/shop//{target}")
    assert read(tree, "repos/shop//part*") == []


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"a\0b", "must be text"),
        (b"x" * (MAX_FILE_BYTES + 1), "must not be larger than"),
    ],
    ids=["binary", "huge"],
)
def test_a_file_must_be_text_of_a_sane_size(
    tree: SourceTree, repo: Path, content: bytes, rule: str
) -> None:
    commit(repo, {"odd.yaml": content})

    with pytest.raises(DescriptorError, match=rule):
        read(tree, "repos/shop//odd.yaml")


def test_a_folder_is_not_a_file(tree: SourceTree) -> None:
    with pytest.raises(MissingFileError):
        read(tree, "repos/shop//catalog")
