"""The actions on files, JSON and YAML."""

import io
import json
import zipfile
from typing import Any

import pytest

from backstage_py.plugins.scaffolder.actions.utilities import merge
from backstage_py.plugins.scaffolder.tasks.task import DryRun
from tests.unit.plugins.scaffolder.conftest import USER, Bench

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\n" + "".join(
    f"{chr(99 + n)}: &{chr(99 + n)} [*{chr(98 + n)}, *{chr(98 + n)}]\n" for n in range(20)
)


def run(bench: Bench, *steps: str) -> DryRun:
    written = [f"- {{id: s{n}, name: S, {step}}}" for n, step in enumerate(steps)]
    last = f"output: {{out: '${{{{ steps.s{len(steps) - 1}.output }}}}'}}"
    ref = bench.add_template("\n".join(written), rest=last)
    scaffolder = bench.open()
    return scaffolder.dry_run(scaffolder.get_template(ref), {}, user=USER)


def utility(name: str, input_: str) -> str:
    return f"action: 'roadiehq:utils:{name}', input: {{{input_}}}"


def write(path: str, text: str) -> str:
    return utility(
        "fs:write", f"path: {path}, preserveFormatting: true, content: {json.dumps(text)}"
    )


def texts(run: DryRun) -> dict[str, str | None]:
    assert not run.error
    return {file.path: file.text for file in run.files}


def test_files_are_written_and_added_to(bench: Bench) -> None:
    done = run(
        bench,
        utility("fs:write", "path: a.json, content: '{\"b\":1}'"),
        utility("fs:append", "path: c.txt, content: one"),
        utility("fs:append", "path: c.txt, content: two"),
        utility("fs:replace", "files: [{file: c.txt, find: 'o', replaceWith: 'O.'}]"),
    )

    assert texts(done) == {"a.json": '{\n  "b": 1\n}', "c.txt": "O.netwO."}


@pytest.mark.parametrize(
    ("text", "parser", "content"),
    [
        ('{"a": [1]}', "json", {"a": [1]}),
        ("on: 2026-01-01", "yaml", {"on": "2026-01-01"}),
        ("a: 1\n---\nb: true", "multiyaml", [{"a": 1}, {"b": True}]),
    ],
)
def test_files_are_parsed(bench: Bench, text: str, parser: str, content: Any) -> None:
    done = run(bench, write("f", text), utility("fs:parse", f"path: f, parser: {parser}"))

    assert not done.error
    assert done.output.others == {"out": {"content": content}}


@pytest.mark.parametrize(
    ("text", "parser"), [("{", "json"), ("a: [", "yaml"), (BOMB, "yaml"), ("[" * 5000, "json")]
)
def test_what_cannot_be_parsed_says_so(bench: Bench, text: str, parser: str) -> None:
    done = run(bench, write("f", text), utility("fs:parse", f"path: f, parser: {parser}"))

    assert "f: is not" in done.error


def test_objects_are_merged_into_files(bench: Bench) -> None:
    done = run(
        bench,
        write("p.json", '{\n    "a": {"b": 1, "l": [1, 2]}\n}'),
        utility("json:merge", "path: p.json, matchFileIndent: true, content: {a: {c: 2, l: [3]}}"),
        utility("json:merge", "path: new.json, content: '{\"x\": 1}'"),
        write("w.yaml", "on: push\nl: [1]\n"),
        utility("merge", "path: w.yaml, mergeArrays: true, content: {l: [2], n: 1}"),
    )

    assert texts(done) == {
        "new.json": '{\n  "x": 1\n}\n',
        "p.json": '{\n    "a": {\n        "b": 1,\n        "l": [\n            3,\n            2\n'
        '        ],\n        "c": 2\n    }\n}\n',
        "w.yaml": "'on': push\nl:\n- 1\n- 2\nn: 1\n",
    }


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (utility("merge", "path: f.txt, content: {}"), "must end with .json"),
        (utility("json:merge", "path: f.txt, content: {}"), "can only be merged into an object"),
        (
            utility(
                "fs:replace", "files: [{file: f.txt, find: a, replaceWith: b, matchRegex: true}]"
            ),
            "matchRegex is not",
        ),
        (utility("fs:parse", "path: ../f"), "leads out"),
        (utility("sleep", "amount: 601"), "from 0 to 600"),
    ],
)
def test_what_cannot_be_done_says_why(bench: Bench, step: str, reason: str) -> None:
    assert reason in run(bench, write("f.txt", "[1]"), step).error


def test_data_is_written_as_text(bench: Bench) -> None:
    compact = run(bench, utility("serialize:json", "data: {a: [1]}"))
    indented = run(bench, utility("serialize:json", "data: {a: 1}, space: 2"))
    as_yaml = run(bench, utility("serialize:yaml", "data: {a: [1]}"))

    outs = [one.output.others["out"] for one in (compact, indented, as_yaml)]
    assert [one["serialized"] for one in outs] == ['{"a":[1]}', '{\n  "a": 1\n}', "a:\n- 1\n"]


def test_a_folder_is_packed(bench: Bench) -> None:
    task, _ = bench.run(
        "\n".join(
            f"- {{name: S, {step}}}"
            for step in (
                write("docs/a.md", "A"),
                utility("zip", "path: docs, outputPath: docs.zip"),
                "action: 'publish:file', input: {name: packed}",
            )
        )
    )

    assert not task.error
    packed = (bench.folder / "data/published/packed/docs.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"a.md": b"A"}


def test_merging_as_lodash_does() -> None:
    before = {"a": {"b": 1}, "l": [{"x": 1}, 2], "s": "t"}
    added = {"a": {"c": None}, "l": [{"y": 2}], "s": [1]}

    expected = {"a": {"b": 1, "c": None}, "l": [{"x": 1, "y": 2}, 2], "s": [1]}
    assert merge(before, added, joins_lists=False) == expected
    assert merge([1], [2], joins_lists=True) == [1, 2]
