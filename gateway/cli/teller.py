"""How the demo tells its story: chapters, steps, mails; plain text where it is no terminal."""

from rich.console import Console
from rich.text import Text


class Surprise(Exception):  # noqa: N818
    """Something did not come about as it should."""


class Teller:
    """Tells a story on a console."""

    def __init__(self, console: Console) -> None:
        """Tell it there."""
        self._console = console

    def title(self, text: str) -> None:
        """Say what it is all about."""
        self._console.print(Text(text, style="bold"))

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self._console.print()
        self._console.print(Text(f"== {title} ==", style="bold cyan"))

    def says(self, text: str) -> None:
        """Tell what happens."""
        self._console.print(Text(text))

    def good(self, text: str) -> None:
        """Tell what came about as it should."""
        self._console.print(Text("ok  ", style="bold green") + Text(text))

    def quote(self, text: str, style: str = "yellow") -> None:
        """Show a text as it is, behind a bar."""
        for line in text.rstrip().splitlines():
            self._console.print(Text("  | ", style="dim") + Text(line, style=style))

    def failed(self, text: str) -> None:
        """Tell what did not come about."""
        self._console.print(Text("NOT AS EXPECTED  ", style="bold red") + Text(text))

    def expect(self, truth: object, text: str) -> None:
        """Tell that something came about; raise Surprise if it did not."""
        if not truth:
            raise Surprise(text)
        self.good(text)
