"""Which lines that name somebody, and hold no verb, were set above a quote by a client?"""

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract

QUOTE = "> Is the tent dry?\n> Eva"
DATED = (
    "03.06.2025 10:15, Eva Moos:",
    "03.06.2025 10:15, Eva (Club):",
    "Eva Moos, 03/06/2025 10:15 :",
    "Eva (Club), 03/06/2025 10:15 :",
    "3. Juni 2025 10:15, Eva (Verein):",
    "2025-06-03 10:15, Eva Moos:",
    "3 juin 2025 10:15, Eva Moos :",
    "2025-06-03 10:15, 山田 太郎:",
)
BRACKETED = (
    "Eva (Club):",
    "Eva Moos (Hull Chess Club):",
    "Jürgen Moos (Verein) :",
    "Élodie Moos (Atelier) :",
    "모은 (클럽):",
    "エヴァ (クラブ):",
)
WRITTEN = (
    "Questions (again):",
    "What Eva (Club) said:",
    "Eva:",
    "Your question:",
    "Freitag 10:15, Halle B",
    "3 June, the big hall",
    "My answer (to both):",
    "Nochmal die Frage (von oben):",
)


@pytest.mark.parametrize("line", DATED)
def test_date_time_and_name_above_a_quote_are_an_attribution(line: str) -> None:
    """Right above it, and with a blank line between."""
    for gap in ("\n", "\n\n"):
        assert extract(Body(text=f"Yes, since noon.\n\n{line}{gap}{QUOTE}\n")).text == (
            "Yes, since noon."
        )


@pytest.mark.parametrize("line", BRACKETED)
def test_a_name_and_what_it_is_of_right_above_a_quote_are_an_attribution(line: str) -> None:
    """Only where the quote ends the mail."""
    assert extract(Body(text=f"Yes, since noon.\n\n{line}\n{QUOTE}\n")).text == "Yes, since noon."
    answered = extract(Body(text=f"Hello,\n\nsee below.\n\n{line}\n{QUOTE}\n\nYes, it is.\n")).text
    assert line in answered
    assert "Yes, it is." in answered


@pytest.mark.parametrize("line", WRITTEN)
def test_what_somebody_says_above_a_quote_is_kept(line: str) -> None:
    """A heading or an answer of their own, with a blank line between or none."""
    for gap in ("\n", "\n\n"):
        assert line in extract(Body(text=f"Yes, since noon.\n\n{line}{gap}{QUOTE}\n")).text


@pytest.mark.parametrize("line", [*DATED, *BRACKETED])
def test_without_a_quote_such_a_line_is_kept(line: str) -> None:
    """It retells what somebody said."""
    text = f"I asked them both.\n\n{line}\nit is dry, take it."
    assert extract(Body(text=text)).text == text
