"""Of content no word is lost, however it is put, and however much of it is shown."""

import pytest

from core.content_nodes import cut, steps
from core.content_text import as_text


@pytest.mark.parametrize(
    "mention",
    [
        {"type": "mention", "id": "u1", "text": "Bo Lee"},
        {"type": "mention", "id": "u1", "children": ["Bo Lee"]},
        {"type": "mention", "id": "u1", "children": ["Bo ", {"type": "bold", "children": ["Lee"]}]},
        {"type": "mention", "id": "u1", "children": [{"text": "Bo Lee"}]},
        {"type": "mention", "id": "u1", "text": "", "children": ["Bo Lee"]},
    ],
)
def test_a_mention_says_its_name_wherever_that_stands(mention: dict[str, object]) -> None:
    """As a text, or as what is within."""
    content = [{"type": "text", "children": [mention, " hi"]}]

    assert as_text(steps(content)) == "@Bo Lee hi"


@pytest.mark.parametrize("url", ["https://a.example/", "https://a.example/" + "x" * 20_000])
def test_where_a_link_leads_costs_no_words(url: str) -> None:
    """What is cut off is what is said beyond the limit, and not what stands behind an address."""
    link = {"type": "link", "url": url, "children": ["our terms"]}
    run = cut(steps([{"type": "text", "children": [link, " and more"]}]), 40)
    said = "".join(step.value for step in run if step.act.name == "WORDS")

    assert said == "our terms and more"
