"""Nothing leads out of a workspace."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.scaffolder.errors import WorkspaceError
from backstage_py.plugins.scaffolder.tasks.workspace import Workspace, split_path

NAMES = st.sampled_from(
    ["..", ".", "", "a", "b", "~", ".git", ".GIT ", "..a", "...", "\\", "\0", "*"]
)
PATHS = st.one_of(
    st.lists(NAMES, max_size=6).map("/".join),
    st.lists(NAMES, max_size=6).map(lambda parts: "/" + "/".join(parts)),
    st.text(max_size=20),
)


def list_tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with a secret, beside and above the workspace."""
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path


@given(path=PATHS)
def test_whatever_the_path_is_nothing_outside_is_written_read_or_deleted(
    tmp_path_factory: pytest.TempPathFactory, path: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a").write_text("secret")
    workspace = Workspace(outside / "below" / "work")

    for act in (
        lambda: workspace.write_bytes(path, b"mine"),
        lambda: workspace.read_bytes(path) == b"secret" and pytest.fail("read from outside"),
        lambda: workspace.rename(path, "kept"),
        lambda: workspace.rename("kept", path),
        lambda: workspace.list_folder(path, recursive=True),
        lambda: workspace.make_folder(path),
        lambda: workspace.delete(path),
    ):
        try:
            act()
        except WorkspaceError:
            continue

    inside = str((outside / "below" / "work").relative_to(outside))
    changed = {
        name: text for name, text in list_tree(outside).items() if not name.startswith(inside)
    }
    assert changed == {"a": "secret"}


@given(PATHS)
def test_the_parts_of_a_path_never_go_up(path: str) -> None:
    try:
        parts = split_path(path)
    except WorkspaceError:
        return
    assert not Path(*parts).is_absolute()
    assert ".." not in parts


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "/etc/passwd",
        "a/../../secret.txt",
        "..",
        "~/x",
        "a\\..\\b",
        "a\0b",
        ".git/config",
        "a/.GIT/hooks/post-checkout",
        "x" * 300,
        "\ud800",
    ],
)
def test_a_path_that_could_lead_elsewhere_is_refused(outside: Path, path: str) -> None:
    workspace = Workspace(outside / "work")

    with pytest.raises(WorkspaceError):
        workspace.write_bytes(path, b"x")
    with pytest.raises(WorkspaceError):
        workspace.delete(path)


def test_symlinks_are_neither_followed_nor_listed(outside: Path) -> None:
    workspace = Workspace(outside / "work")
    (outside / "work" / "link").symlink_to(outside)
    (outside / "work" / "file").symlink_to(outside / "secret.txt")

    for path in ("link/secret.txt", "file", "link"):
        with pytest.raises(WorkspaceError, match="symlink"):
            workspace.read_bytes(path)
        with pytest.raises(WorkspaceError, match="symlink"):
            workspace.write_bytes(path, b"x")
    assert workspace.list_files() == []
    assert workspace.list_folder("", recursive=True) == ([], [])
    workspace.delete("**/*.txt")
    workspace.delete("*/secret.txt")
    assert (outside / "secret.txt").read_text() == "secret"


def test_a_deleted_symlink_is_the_link_and_not_what_it_points_to(outside: Path) -> None:
    workspace = Workspace(outside / "work")
    (outside / "work" / "link").symlink_to(outside / "secret.txt")

    workspace.delete("li*")

    assert not (outside / "work" / "link").is_symlink()
    assert (outside / "secret.txt").exists()


def test_the_workspace_limits_files_and_bytes(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, max_files=2, max_bytes=10)

    workspace.write_bytes("a", b"12345")
    workspace.write_bytes("b", b"")
    with pytest.raises(WorkspaceError, match="files"):
        workspace.write_bytes("c", b"")
    with pytest.raises(WorkspaceError, match="bytes"):
        workspace.write_bytes("a", b"123456")
    with pytest.raises(WorkspaceError, match="files"):
        Workspace(tmp_path, max_files=2).write_bytes("c", b"")


def test_files_and_folders_are_moved_and_deleted_but_not_the_workspace(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write_bytes("docs/a.md", b"a", is_executable=True)
    workspace.write_bytes("docs/deep/b.md", b"b")

    workspace.rename("docs", "pages/all")
    assert [(one.path, one.is_executable) for one in workspace.list_files()] == [
        ("pages/all/a.md", True),
        ("pages/all/deep/b.md", False),
    ]
    with pytest.raises(WorkspaceError, match="overwrite: true"):
        workspace.rename("pages/all/a.md", "pages/all/deep/b.md")
    workspace.rename("pages/all/a.md", "pages/all/deep/b.md", overwrite=True)
    assert workspace.read_bytes("pages/all/deep/b.md") == b"a"
    assert workspace.delete("pages/**/*.md") == ["pages/all/deep/b.md"]
    for path in ("", ".", "*/..", "**/a/**/b/**"):
        with pytest.raises(WorkspaceError):
            workspace.delete(path)
    with pytest.raises(WorkspaceError, match="is inside the folder"):
        workspace.rename("pages", "pages/inner")
