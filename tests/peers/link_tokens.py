"""Is a token of ours read by the code in docs/linking-back.md, in each language that is there?

    .venv/bin/python -m tests.peers.link_tokens

Every language reads a token that is good, and refuses what is none: cut, of another app, of another
key, over, without a signature. A program that is not installed is named, and nothing is said of it.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from core.address import Keyring
from core.link_token import LinkClaims, jti_of, link_keys, sign_link

PAGE = Path(__file__).resolve().parents[2] / "docs" / "linking-back.md"
APP, NUMBER = "shop", 77
KEYS = Keyring({1: b"a key of more than sixteen octets", 2: b"another key, an older one"}, 1)
# How each is called, and what asks its code and prints the answer as JSON.
PROGRAMS = {
    "python": (sys.executable, "-"),
    "javascript": ("node", "-"),
    "php": ("php",),
    "ruby": ("ruby", "-"),
}
ENDINGS = {
    "python": """
asked = json.loads({asked!r})
print(json.dumps([read_link(t, asked["keys"], asked["app"]) for t in asked["tokens"]]))
""",
    "javascript": """
const asked = JSON.parse({asked});
const answers = asked.tokens.map((t) => readLink(t, asked.keys, asked.app));
console.log(JSON.stringify(answers));
""",
    "php": """
$asked = json_decode({asked}, true);
$answer = fn($t) => read_link($t, $asked['keys'], $asked['app']);
echo json_encode(array_map($answer, $asked['tokens']));
""",
    "ruby": """
asked = JSON.parse({asked})
answers = asked["tokens"].map {{ |t| read_link(t, asked["keys"], asked["app"]) }}
puts JSON.generate(answers)
""",
}


def the_claims(now: int) -> LinkClaims:
    """Return what a good token says."""
    hour = 3_600_000
    return LinkClaims("bö & co", "red/bike", 3, 1 << 62, now - hour, now + hour, jti_of("a mail"))


def tokens(now: int) -> tuple[list[str], int]:
    """Return tokens, the good ones first, and how many those are."""
    good = sign_link(the_claims(now), (APP, NUMBER), KEYS)
    older = sign_link(the_claims(now), (APP, NUMBER), Keyring(KEYS.keys, 2))
    head, body, signature = good.split(".")
    bad = [
        "", "..", "a.b.c", good[:-2], f"{head}.{body}.", f"{head}.{body}", f"{good}.x",
        f"{head}.{body[:-4]}.{signature}", f"eyJhbGciOiJub25lIn0.{body}.",
        sign_link(the_claims(now), (APP, NUMBER + 1), KEYS),
        sign_link(the_claims(now), ("shop2", NUMBER), KEYS),
        sign_link(the_claims(now), (APP, NUMBER), Keyring({1: b"a key of somebody else"}, 1)),
        sign_link(replace(the_claims(now), expires_at=now - 2_000), (APP, NUMBER), KEYS),
    ]  # fmt: skip
    return [good, older, *bad], 2


def code_of(language: str) -> str:
    """Return the page's code in a language."""
    found = re.search(
        rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    return found[1]


def read_by(language: str, given: list[str]) -> list[dict[str, object] | None]:
    """Return what a language's code says of tokens."""
    words, ending = PROGRAMS[language], ENDINGS[language]
    asked = json.dumps({"keys": link_keys(NUMBER, KEYS), "app": APP, "tokens": given})
    literal = asked if language == "python" else _literal(asked)
    source = f"{code_of(language)}\n{ending.format(asked=literal)}\n"
    told = subprocess.run(
        words, input=f"<?php {source}" if language == "php" else source,
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    answers: list[dict[str, object] | None] = json.loads(told.stdout)
    return answers


def _literal(text: str) -> str:
    """Return a text in single quotes, as JavaScript, PHP and Ruby read it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def wrong_with(language: str) -> list[str]:
    """Return what a language's code gets wrong, a line each."""
    given, good = tokens(int(time.time() * 1000))
    wrong = []
    for number, (token, claims) in enumerate(zip(given, read_by(language, given), strict=True)):
        who = claims and (claims["sub"], claims["conversation"])
        wanted = ("bö & co", "red/bike") if number < good else None
        if who != wanted:
            wrong.append(f"token {number} ({token[:40]}…): {who}, not {wanted}")
    return wrong


def main() -> int:
    """Try every language that is there."""
    failed = 0
    for language, words in PROGRAMS.items():
        if shutil.which(words[0]) is None:
            sys.stdout.write(f"{language}: {words[0]} is not installed\n")
            continue
        wrong = wrong_with(language)
        failed += bool(wrong)
        sys.stdout.write(f"{language}: " + ("; ".join(wrong) or "right about every token") + "\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
