"""The door."""


def main() -> None:
    """Open the door."""
