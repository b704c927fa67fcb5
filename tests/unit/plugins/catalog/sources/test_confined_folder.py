from pathlib import Path

import pytest

from backstage_py.plugins.catalog.errors import DescriptorError
from backstage_py.plugins.catalog.sources.confined_folder import (
    MAX_FILE_BYTES,
    ConfinedFolder,
    find_static_folder,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog folder beside a secret."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "catalog"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("a", encoding="utf-8")
    (folder / "deep" / "b.txt").write_text("b", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "up").symlink_to(tmp_path)
    return folder


@pytest.mark.parametrize(
    "target",
    [
        "../secret.txt",
        "deep/../../secret.txt",
        "link.txt",
        "up/secret.txt",
        "/etc/passwd",
        "../../../../../../etc/passwd",
        "../catalog-of-others/a.txt",
    ],
)
def test_no_path_leads_out_of_the_folder(folder: Path, target: str) -> None:
    confined = ConfinedFolder(folder)

    with pytest.raises(DescriptorError, match="must stay below the folder"):
        confined.read_text(target, beside=folder)
    with pytest.raises(DescriptorError, match="must stay below the folder"):
        confined.confine(folder / target)


@pytest.mark.parametrize("target", ["../*.txt", "up/*.txt", "/etc/pass*"])
def test_no_glob_looks_outside_the_folder(folder: Path, target: str) -> None:
    with pytest.raises(DescriptorError, match="must stay below the folder"):
        ConfinedFolder(folder).find_files(target, beside=folder)


def test_a_path_may_go_up_and_down_inside_the_folder(folder: Path) -> None:
    text = ConfinedFolder(folder).read_text("../a.txt", beside=folder / "deep")

    assert text == "a"


def test_a_glob_finds_files_of_all_levels_in_order(folder: Path) -> None:
    found = ConfinedFolder(folder).find_files("**/[ab].txt", beside=folder)

    assert found == [folder / "a.txt", folder / "deep" / "b.txt"]


@pytest.mark.parametrize("target", ["https://example.com/a.txt", "url:a.txt", "FTP://x/y"])
def test_the_network_is_not_read(folder: Path, target: str) -> None:
    with pytest.raises(DescriptorError, match="only files are read here"):
        ConfinedFolder(folder).read_text(target, beside=folder)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"a\0b", "must be text"),
        (b"x" * (MAX_FILE_BYTES + 1), "must not be larger than"),
    ],
    ids=["binary", "huge"],
)
def test_a_file_must_be_text_of_a_sane_size(folder: Path, content: bytes, rule: str) -> None:
    (folder / "odd.txt").write_bytes(content)

    with pytest.raises(DescriptorError, match=rule):
        ConfinedFolder(folder).read_text("odd.txt", beside=folder)


@pytest.mark.parametrize("target", ["none.txt", "deep", "a\0b", "x" * 5000])
def test_anything_but_a_file_is_an_error(folder: Path, target: str) -> None:
    with pytest.raises(DescriptorError):
        ConfinedFolder(folder).read_text(target, beside=folder)


@pytest.mark.parametrize("target", ["a**b/*.txt", "a\0b/*.txt"])
def test_a_pattern_that_means_nothing_is_an_error(folder: Path, target: str) -> None:
    with pytest.raises(DescriptorError, match="must be a usable"):
        ConfinedFolder(folder).find_files(target, beside=folder)


def test_a_byte_order_mark_is_not_content(folder: Path) -> None:
    (folder / "bom.txt").write_bytes(b"\xef\xbb\xbfa")

    assert ConfinedFolder(folder).read_text("bom.txt", beside=folder) == "a"


@pytest.mark.parametrize(
    ("target", "folder"),
    [("a/b.yaml", "a"), ("a/*/b/*.yaml", "a"), ("*.yaml", "."), ("/x/**/b.yaml", "/x")],
)
def test_the_static_folder_is_the_part_before_the_first_wildcard(target: str, folder: str) -> None:
    assert find_static_folder(target) == Path(folder)
