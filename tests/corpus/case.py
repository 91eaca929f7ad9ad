"""What is one case? A mail as it arrived, and what each of its words is.

A case names its parts by what must become of them: the body must be kept, the optional sign-off
and the context between answers may be, the signature and the quote must go.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

PARTS = ("body", "optional", "context", "signature", "quote")


@dataclass(frozen=True, slots=True)
class Sent:
    """The digest that was sent and is being answered."""

    text: str
    html: str
    message_id: str
    marker: str
    subject: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Case:
    """One mail, its parts, and where it comes from."""

    name: str
    raw: bytes
    parts: dict[str, str]
    sent: Sent | None = None
    about: dict[str, str] = field(default_factory=dict)


def write(case: Case, folder: Path) -> None:
    """Leave the case in a folder: NAME.eml, NAME.txt, NAME.json and, if known, NAME.sent.json."""
    (folder / f"{case.name}.eml").write_bytes(case.raw)
    (folder / f"{case.name}.txt").write_bytes(f"{case.parts['body']}\n".lstrip("\n").encode())
    rest = {part: case.parts[part] for part in PARTS[1:] if case.parts[part].strip()}
    (folder / f"{case.name}.json").write_bytes(_json({**case.about, **rest}))
    if case.sent is not None:
        sent = {name: getattr(case.sent, name) for name in Sent.__dataclass_fields__}
        (folder / f"{case.name}.sent.json").write_bytes(_json(sent))


def read(folder: Path) -> list[Case]:
    """Read every case of a folder, by name."""
    return [_read_one(path) for path in sorted(folder.glob("*.eml"))]


def _read_one(path: Path) -> Case:
    known = json.loads(path.with_suffix(".json").read_bytes())
    sent = path.with_suffix(".sent.json")
    body = path.with_suffix(".txt").read_bytes().decode().strip("\n")
    parts = {part: known.pop(part, "") for part in PARTS[1:]}
    return Case(
        name=path.stem,
        raw=path.read_bytes(),
        parts={"body": body, **parts},
        sent=Sent(**json.loads(sent.read_bytes())) if sent.exists() else None,
        about=known,
    )


def _json(value: dict[str, str]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
