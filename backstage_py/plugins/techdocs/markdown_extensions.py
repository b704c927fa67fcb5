"""`markdown_extensions` of `mkdocs.yml`: the extensions that a documentation may switch on.

Those of Python-Markdown and PyMdown Extensions that only turn text into HTML. Extensions that read
files (`pymdownx.b64`, `pymdownx.pathconverter`) or need Python objects, and options that do, are
left out; snippets are the portal's own. The extensions here run in the process that renders pages,
within its limits, and their HTML is cleaned.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Extensions = tuple[tuple[str, Mapping[str, Any]], ...]
"""Names of extensions, each with its options."""

ALLOWED: Mapping[str, frozenset[str]] = {
    name: frozenset(options.split())
    for name, options in {
        "abbr": "",
        "admonition": "",
        "attr_list": "",
        "def_list": "",
        "footnotes": "BACKLINK_TEXT BACKLINK_TITLE SEPARATOR UNIQUE_IDS PLACE_MARKER",
        "legacy_attrs": "",
        "legacy_em": "",
        "md_in_html": "",
        "meta": "",
        "nl2br": "",
        "sane_lists": "",
        "smarty": "smart_angled_quotes smart_dashes smart_ellipses smart_quotes substitutions",
        "tables": "use_align_attribute",
        "toc": "baselevel marker separator title toc_depth",
        "wikilinks": "base_url end_url html_class",
        "pymdownx.arithmatex": "block_syntax generic inline_syntax smart_dollar",
        "pymdownx.betterem": "smart_enable",
        "pymdownx.blocks.admonition": "types",
        "pymdownx.blocks.caption": "auto auto_level prefix prefix_level prepend types",
        "pymdownx.blocks.definition": "",
        "pymdownx.blocks.details": "types",
        "pymdownx.blocks.html": "custom",
        "pymdownx.blocks.tab": "alternate_style combine_header_slug separator",
        "pymdownx.caret": "insert smart_insert superscript",
        "pymdownx.critic": "mode raw_view",
        "pymdownx.details": "",
        "pymdownx.emoji": "",
        "pymdownx.escapeall": "hardbreak nbsp",
        "pymdownx.extra": "",
        "pymdownx.fancylists": "additional_ordered_styles inject_class inject_style",
        "pymdownx.highlight": "auto_title guess_lang linenums linenums_style",
        "pymdownx.inlinehilite": "",
        "pymdownx.keys": "camel_case class key_map key_window_map separator strict",
        "pymdownx.magiclink": (
            "hide_protocol labels normalize_issue_symbols provider repo repo_url_shortener "
            "repo_url_shorthand shortener_user_exclude social_url_shorthand "
            "social_url_shortener user"
        ),
        "pymdownx.mark": "smart_mark",
        "pymdownx.progressbar": "add_classes level_class progress_increment",
        "pymdownx.quotes": "callouts",
        "pymdownx.saneheaders": "",
        "pymdownx.smartsymbols": (
            "arrows care_of copyright fractions notequal ordinal_numbers plusminus registered "
            "trademark"
        ),
        "pymdownx.striphtml": "strip_attributes strip_comments strip_js_on_attributes",
        "pymdownx.superfences": "css_class disable_indented_code_blocks",
        "pymdownx.tabbed": "combine_header_slug separator",
        "pymdownx.tasklist": "",
        "pymdownx.tilde": "delete smart_delete subscript",
    }.items()
}
"""The extensions with the options that count; others are ignored."""

_PREFIX = "markdown.extensions."
_MAX_EXTENSIONS = 60


def read_extensions(written: Any) -> Extensions:
    """Read the key as MkDocs does: a list of names and of mappings, or one mapping."""
    listed = [{name: options} for name, options in written.items()] if _is_map(written) else written
    found: dict[str, dict[str, Any]] = {}
    for one in listed[:_MAX_EXTENSIONS] if isinstance(listed, list) else ():
        pairs = one.items() if _is_map(one) else [(one, None)]
        for name, options in pairs:
            known = name.removeprefix(_PREFIX) if isinstance(name, str) else ""
            if known in ALLOWED:
                given = options if isinstance(options, Mapping) else {}
                wanted = {key: given[key] for key in given.keys() & ALLOWED[known]}
                found.setdefault(known, {}).update(
                    (key, value) for key, value in wanted.items() if _is_plain(value)
                )
    return tuple(found.items())


def merge_options(
    defaults: Mapping[str, Mapping[str, Any]], given: Sequence[Sequence[Any]]
) -> dict[str, dict[str, Any]]:
    """The options of extensions: those of a site before the defaults, as in techdocs-core."""
    merged = {name: dict(options) for name, options in defaults.items()}
    for name, options in given:
        merged.setdefault(name, {}).update(options)
    return merged


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_plain(value: Any) -> bool:
    """Whether a value is JSON; a tag such as `!!python/name` was read as null."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_plain(one) for key, one in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, str | int | float | bool)
