"""Of a refusal of one mail, who waits behind it is told the words and no address."""

import pytest

from core.rules.anothers_words import without_addresses


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Too many mails, slow down", "Too many mails, slow down"),
        ("<bo@x.test>: Relay access denied", "<[address removed]>: Relay access denied"),
        ("bo@x.test: over quota", "[address removed]: over quota"),
        ("bo.o'neil+a@x.test, ann@[192.0.2.1]", "[address removed], [address removed]"),
        ('<"bo b"@x.test> <bø@straße.example>', "<[address removed]> <[address removed]>"),
        ("r+abc@in.test and SRS0=a=b=x.test=bo@y.test.", "[address removed] and [address removed]"),
        (f"{'b' * 90}@x.test", "[address removed]"),
    ],
)
def test_every_address_goes(said: str, told: str) -> None:
    """However it is written; the rest stays word by word."""
    assert without_addresses(said) == told
