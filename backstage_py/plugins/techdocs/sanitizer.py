"""Makes other people's HTML harmless: everything not allowed here is removed.

Nothing runs, nothing is sent, and nothing can be laid over the portal: no script, no form, no
styles except sizes, no classes except those of the Markdown extensions. Ids get a prefix, so that
they don't clash with the portal's. Source of the idea: the sanitizer of
`@backstage/plugin-techdocs`.
"""

import re
from collections.abc import Collection

import nh3

from backstage_py.plugins.techdocs.relative_links import mark_relative

ID_PREFIX = "doc-"

_TAG_NAMES = (
    "a abbr audio b blockquote br caption cite code col colgroup dd del details dfn div dl dt em"
    " figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small source"
    " span strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr"
)
_TAGS = set(_TAG_NAMES.split())
_REMOVED_WITH_CONTENT = {"script", "style", "title", "template", "textarea", "noscript", "svg"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "title", "style", "lang", "dir"},
    "a": {"href", "download"},
    "audio": {"src", "controls"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "time": {"datetime"},
    "video": {"src", "controls", "width", "height", "muted", "loop"},
    "iframe": {"src", "title", "width", "height", "allowfullscreen"},
}
_STYLES = {"width", "max-width", "height", "text-align", "vertical-align", "float"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_SET = {
    "img": {"loading": "lazy", "referrerpolicy": "no-referrer"},
    "iframe": {
        "loading": "lazy",
        "referrerpolicy": "strict-origin-when-cross-origin",
        "sandbox": "allow-scripts allow-same-origin allow-popups allow-presentation",
    },
}
_CLASSES = re.compile(
    r"admonition(-title)?|highlight(table)?|filename|linenos|linenodiv|hll|code|mermaid|plantuml"
    r"|tabbed-[a-z]+|task-list(-item)?|task-(done|open)|footnote(-ref|-backref)?|headerlink"
    r"|critic|caret|align-(left|right|center)"
    r"|keys|key-[a-z0-9-]+|arithmatex|progress(-(label|bar|thin|[0-9]+plus))?"
    r"|note|abstract|summary|tldr|info|todo|tip|hint|important|success|check|done|question|help|faq"
    r"|warn|warning|caution|attention|failure|fail|missing|danger|error|bug|example|quote|cite|test"
    r"|[a-z]{1,2}[a-z0-9]?"  # those of Pygments
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_IFRAME = re.compile(r"https://([a-z0-9.-]+)(?::\d+)?(?:/[^\s\\<>\"]*)?", re.IGNORECASE)
_WITHOUT_SOURCE = re.compile(r"<iframe(?![^>]*\ssrc=)[^>]*>.*?</iframe>", re.DOTALL)


class Sanitizer:
    """Cleans the HTML of pages."""

    def __init__(self, *, iframe_hosts: Collection[str] = ()) -> None:
        """Set up.

        Args:
            iframe_hosts: The hosts that pages may show frames of.
        """
        self._iframe_hosts = {host.lower() for host in iframe_hosts}
        self._tags = _TAGS | ({"iframe"} if self._iframe_hosts else set())

    def clean(self, html: str, *, mark: str = "") -> str:
        """Clean the HTML of a page, and put `mark` before its relative links."""

        def filter_attribute(tag: str, attribute: str, value: str) -> str | None:
            match attribute:
                case "class":
                    return _filter_classes(value)
                case "href" | "src" if _CONTROL.search(value):
                    return None
                case "src" if tag == "iframe":
                    return self._filter_iframe(value)
                case "href" | "src":
                    return mark_relative(value, mark)
                case "title" if tag == "iframe":
                    return re.sub(r"[<>]", "", value)
                case _:
                    return value

        kept = {"*", *self._tags}
        cleaned = nh3.clean(
            html,
            tags=self._tags,
            clean_content_tags=_REMOVED_WITH_CONTENT,
            attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in kept},
            attribute_filter=filter_attribute,
            set_tag_attribute_values={
                tag: values for tag, values in _SET.items() if tag in self._tags
            },
            url_schemes=_SCHEMES,
            filter_style_properties=_STYLES,
            id_prefix=ID_PREFIX,
        )
        return _WITHOUT_SOURCE.sub("", cleaned) if self._iframe_hosts else cleaned

    def _filter_iframe(self, value: str) -> str | None:
        found = _IFRAME.fullmatch(value)
        return value if found and found[1].lower() in self._iframe_hosts else None


def _filter_classes(value: str) -> str | None:
    kept = [name for name in value.split() if _CLASSES.fullmatch(name)]
    return " ".join(kept) or None
