"""What the demo prints: steps, texts, mails; plain text where it is no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_import import lazy_import

if TYPE_CHECKING:
    from rich import console as rich_console
    from rich import text as rich_text
else:
    rich_console = lazy_import("rich.console")
    rich_text = lazy_import("rich.text")


class Surprise(Exception):  # noqa: N818
    """Something did not come about as it should."""


class Printer:
    """Prints on a console."""

    def __init__(self, console: rich_console.Console) -> None:
        """Tell it there."""
        self._console = console

    def title(self, text: str) -> None:
        """Say what it is all about."""
        self._console.print(rich_text.Text(text, style="bold"))

    def step(self, title: str) -> None:
        """Begin a step."""
        self._console.print()
        self._console.print(rich_text.Text(f"== {title} ==", style="bold cyan"))

    def says(self, text: str) -> None:
        """Tell what happens."""
        self._console.print(rich_text.Text(text))

    def good(self, text: str) -> None:
        """Tell what came about as it should."""
        self._console.print(rich_text.Text("ok  ", style="bold green") + rich_text.Text(text))

    def quote(self, text: str, style: str = "yellow") -> None:
        """Show a text as it is, behind a bar."""
        for line in text.rstrip().splitlines():
            self._console.print(
                rich_text.Text("  | ", style="dim") + rich_text.Text(line, style=style)
            )

    def failed(self, text: str) -> None:
        """Tell what did not come about."""
        self._console.print(
            rich_text.Text("NOT AS EXPECTED  ", style="bold red") + rich_text.Text(text)
        )

    def expect(self, truth: object, text: str) -> None:
        """Tell that something came about; raise Surprise if it did not."""
        if not truth:
            raise Surprise(text)
        self.good(text)
