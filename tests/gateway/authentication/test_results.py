"""What is known of a sender is written down for the receipt."""

import json

from gateway.authentication.results import (
    UNCHECKED,
    Authentication,
    Result,
    Source,
)


def test_evidence_is_plain() -> None:
    """A receipt keeps every result, in words that JSON has."""
    known = Authentication(
        Result.PASS, ("example.org",), Result.PASS, "reject", Result.NONE, "example.org",
        Source.OURS,
    )  # fmt: skip

    assert json.loads(json.dumps(known.evidence())) == {
        "source": "ours",
        "spf": "pass",
        "dkim": ["example.org"],
        "dmarc": "pass",
        "policy": "reject",
        "arc": "none",
        "aligned": "example.org",
    }


def test_what_was_not_checked_says_so() -> None:
    """A mail that nobody checked is not told from one whose domain publishes nothing, but here."""
    assert UNCHECKED.evidence()["source"] == "none"
