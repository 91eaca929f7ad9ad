"""Look for a mail that makes reading raise, or take long: fuzzing guided by coverage (atheris).

    make fuzz                     ten minutes
    make fuzz SECONDS=60

Begins with the corpus of replies and the hostile mails, and keeps what reached new code in
``.fuzz/corpus``. A finding is written to ``.fuzz/findings``, made smaller, with its traceback; the
run goes on. Each becomes a test of its own in ``tests/gateway/mail`` before it is mended.
"""

import hashlib
import sys
import time
import traceback
from pathlib import Path
from random import Random

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fuzz.mutate import mutated
from tests.support.hostile import GENERATORS

with atheris.instrument_imports(include=["core", "gateway", "email", "mailparser"]):
    from tests.support import reading

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".fuzz"
SLOW_SECONDS = 2.0
LONGEST = 1024 * 1024
_SEEDS: list[bytes] = []
_KNOWN: set[str] = set()


def read_one(raw: bytes) -> None:
    """Read a mail; write down what goes wrong."""
    key, told = _judged(raw)
    if key and key not in _KNOWN:
        _KNOWN.add(key)
        small = raw if key == "slow" else _smaller(raw, key)
        name = f"{key.split()[0].strip(':')}-{hashlib.sha256(small).hexdigest()[:8]}"
        (KEPT / "findings" / f"{name}.eml").write_bytes(small)
        (KEPT / "findings" / f"{name}.txt").write_text(told, encoding="utf-8")
        sys.stderr.write(f"FINDING {name}: {key}\n{told}\n")


def _judged(raw: bytes) -> tuple[str, str]:
    """Return what kind of finding a mail is, and its story; empty if it is none."""
    began = time.process_time()
    try:
        reading.read_all(raw)
    except Exception as error:  # noqa: BLE001  whatever it is, it is a finding
        frames = traceback.extract_tb(error.__traceback__)
        ours = [
            f"{Path(one.filename).name}:{one.lineno}" for one in frames if "/ga" in one.filename
        ]
        return f"{type(error).__name__} at {' '.join(ours[-2:])}", traceback.format_exc()
    took = time.process_time() - began
    if took > SLOW_SECONDS and len(raw) <= LONGEST:
        return "slow", f"{took:.1f} s for {len(raw)} octets"
    return "", ""


def _smaller(raw: bytes, key: str) -> bytes:
    """Take out what the finding does not need: lines first, then octets."""
    piece = max(1, len(raw) // 2)
    while piece:
        start = 0
        while start < len(raw):
            shorter = raw[:start] + raw[start + piece :]
            if _judged(shorter)[0] == key:
                raw = shorter
            else:
                start += piece
        piece //= 2
    return raw


def _changed(data: bytes, max_size: int, seed: int) -> bytes:
    """Change a mail as a mail, or as octets."""
    rng = Random(seed)
    if rng.random() < 0.4:
        return bytes(atheris.Mutate(data, max_size))
    return mutated(data, _SEEDS, rng)[:max_size]


def main() -> None:
    """Fuzz until the time is up."""
    for folder in ("corpus", "findings", "seeds"):
        (KEPT / folder).mkdir(parents=True, exist_ok=True)
    _SEEDS.extend(file.read_bytes() for file in sorted((ROOT / "tests").rglob("*.eml")))
    _SEEDS.extend(make(3) for make in GENERATORS.values())
    for seed in _SEEDS:
        (KEPT / "seeds" / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    folders = [str(KEPT / "corpus"), str(KEPT / "seeds")]
    atheris.Setup(
        [
            sys.argv[0],
            "-max_len=32768",
            "-timeout=60",
            "-print_final_stats=1",
            *sys.argv[1:],
            *folders,
        ],
        read_one,
        custom_mutator=_changed,
    )
    atheris.Fuzz()


main()
