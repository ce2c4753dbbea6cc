"""Whatever data say, a reader of Markdown shows it as it is."""

import html
import re

import pytest
from markdown_it import MarkdownIt

from hpsoft.report.card.escape import escaped, fenced, table

NAMES = (
    "a|b", "[x](http://y)", "<script>alert(1)</script>", "*bold* _it_ __b__", "batch_size",
    "`code` ``", "\\| \\", "~~no~~", "&amp; $x$", "# title", "![i](j)", "a_", "_b",
)  # fmt: skip
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def cells(rendered):
    return [html.unescape(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", rendered)]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_it_is(name):
    rendered = MARKDOWN.render("\n".join(table((name, "n"), [(name, 3), ("x", name)])))
    assert cells(rendered) == [name, "n", name, "3", "x", name]
    assert html.unescape(MARKDOWN.render(f"**So:** {escaped(name)}")) == (
        f"<p><strong>So:</strong> {name}</p>\n"
    )


def test_no_control_character_is_left():
    text = "a\nb\x1b[31m\u202ec\x00"
    assert escaped(text).isprintable()
    assert cells(MARKDOWN.render("\n".join(table((text,), [])))) == [
        "a\\nb\\x1b[31m\\u202ec\\x00"
    ]  # fmt: skip


def test_columns_of_numbers_stand_right():
    rule = table(("a", "b", "c"), [("1,000", "-0.5 %", "x"), ("-", "+1.2e-05", "3")])[1]
    assert rule == "| ---: | ---: | --- |"


def test_no_line_ends_its_fence():
    rendered = MARKDOWN.render("\n".join(fenced(["echo '```'", "````"], "sh")))
    assert html.unescape(rendered) == (
        "<pre><code class=\"language-sh\">echo '```'\n````\n</code></pre>\n"
    )
