"""How does a mail read where there is no HTML? Complete, in 78 columns, links on their own lines.

Lines are broken at spaces only, so a URL is never cut, and text written without spaces keeps its
long lines: the transfer encoding carries them (RFC 5322, 2.1.1).
"""

import re
from collections.abc import Iterator

from notifier.rendering.fitting import GroupView, MessageView
from notifier.rendering.page import Page

_COLUMNS = 76
# A word too long for a line, or as many words as fit in one.
_BROKEN = re.compile(rf"(\S{{{_COLUMNS + 1},}}+|.{{1,{_COLUMNS}}})(?: |$)")
_RULE = "-" * 40


def render(page: Page) -> str:
    """Return the text part, its lines ended by a newline."""
    words = page.words
    parts = [_top(page)]
    parts.append(wrap(page.title) if page.title == page.news else _heading(page))
    parts += [wrap(page.header)] if page.header else []
    parts += [wrap(words.more)] if words.more else []
    parts += [part for group in page.groups for part in _group(group, words.shortened)]
    parts.append(_RULE)
    parts += list(_ending(page))
    return "\n\n".join(parts) + "\n"


def framed(own: str, page: Page) -> str:
    """Return a text part whose middle somebody else wrote: how it begins and ends is ours."""
    ending = [wrap(page.words.why), *_way_out(page)]
    return "\n\n".join([_top(page), own, _RULE, *ending]) + "\n"


def wrap(text: str) -> str:
    """Break the lines of a text at spaces where they are too long."""
    if len(text) <= _COLUMNS:
        return text
    lines = text.split("\n")
    return "\n".join(
        line if len(line) <= _COLUMNS else "\n".join(_BROKEN.findall(line)) for line in lines
    )


def _heading(page: Page) -> str:
    return f"{wrap(page.title)}\n{wrap(page.news)}"


def _group(group: GroupView, shortened: str) -> Iterator[str]:
    if group.day:
        yield f"* {group.day}"
    for number, message in enumerate(group.messages):
        name = f"{group.name}, " if number == 0 else ""
        yield _message(message, f"{name}{message.time}:", shortened)


def _message(message: MessageView, heading: str, shortened: str) -> str:
    lines = [heading]
    if message.answers:
        # In brackets: a ">" of ours would be taken for a quote of the reader's.
        lines.append(wrap(f"[{message.answers[0]}: {message.answers[1]}]"))
    if message.text:
        lines.append(wrap(message.text))
    if message.shortened:
        lines.append(f"[{shortened}]")
    for file in message.files:
        lines.append(f"[{file.name}, {file.size}]")
        if file.url:
            lines.append(file.url)
    return "\n".join(lines)


def _ending(page: Page) -> Iterator[str]:
    words = page.words
    for choice in page.choices:
        yield f"{wrap(choice.label)}:\n{choice.url}"
    if words.hint:
        yield wrap(words.hint)
    if page.inbox_url:
        yield f"{words.view}:\n{page.inbox_url}"
    if page.footer:
        yield wrap(page.footer)
    yield wrap(words.why)
    yield from _way_out(page)


def _way_out(page: Page) -> Iterator[str]:
    if page.postal:
        yield "\n".join(map(wrap, page.postal))
    # The way out is last: who quotes the mail unmarked ends with a line that is surely ours.
    if page.settings_url:
        yield f"{wrap(page.words.settings)}:\n{page.settings_url}"
    if page.opt_out_url:
        yield f"{wrap(page.words.stop_here)}:\n{page.opt_out_url}"


def _top(page: Page) -> str:
    return wrap(f"-- {page.words.top} --" if page.can_reply else page.words.top)
