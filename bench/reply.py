"""Print how well replies are found: our extractor beside every peer that pip installs, in one run.

    python bench/reply.py                        ours, and the peers of this environment
    python bench/reply.py --peers peers          and those of the folder peers, one subfolder a peer
    python bench/reply.py --corpus FOLDER        on another corpus (see docs/replies.md)
    python bench/reply.py --peers peers --write  and put the table into docs/replies.md

Each peer goes into a folder of its own, so that none meets another or us:

    for peer in mail-parser-reply quotequail unquotemail email-reply-extractor talon \
        email-reply-parser-jimmy927 sentry-forked-email-reply-parser; do
        python -m pip install --target peers/$peer $peer html2text
    done
    # a repackaged talon 1.6, which does not name all it needs
    python -m pip install --target peers/superops-talon superops-talon html2text \
        lxml cssselect chardet cchardet regex html5lib

A call that takes longer than --limit seconds counts as nothing found. Speed is mails a second of
CPU time, MIME included, as a ratio to email-reply-parser in the same run; the
fastest of five passes counts.
"""

import argparse
import base64
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from inscriptis import get_text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.corpus.case import Case, read  # noqa: E402
from tests.corpus.metric import Score, score, words  # noqa: E402

PEERS = ROOT / "bench" / "peers.py"
PAGE = ROOT / "docs" / "replies.md"
BASE = "email-reply-parser"
PASSES = 5
MARKS = ("<!-- table: bench/reply.py -->", "<!-- end of table -->")


@dataclass(slots=True)
class Worker:
    """One extractor in a process of its own, started again when it stalled or died."""

    module: str
    folder: Path | None
    limit: float
    process: subprocess.Popen[bytes] | None = None
    waiting: bytes = b""

    def ask(self, case: Case, *, told: bool) -> dict[str, str | float]:
        """Give the extract of one mail, or an empty one with the reason."""
        sent = asdict(case.sent) if told and case.sent else None
        question = {"raw": base64.b64encode(case.raw).decode(), "sent": sent}
        if self.process is None:
            self.process = self._started()
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            return dict(json.loads(self._line()))
        except (TimeoutError, BrokenPipeError) as fault:
            self.stop()
            return {"out": "", "kind": "text", "seconds": 0.0, "error": type(fault).__name__}

    def stop(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process, self.waiting = None, b""

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*interpreter(self.folder), str(PEERS), self.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment(self.folder),
        )

    def _line(self) -> bytes:
        assert self.process is not None
        assert self.process.stdout is not None
        while b"\n" not in self.waiting:
            ready, _, _ = select.select([self.process.stdout], [], [], self.limit)
            if not ready:
                raise TimeoutError
            chunk = os.read(self.process.stdout.fileno(), 1 << 16)
            if not chunk:
                raise BrokenPipeError
            self.waiting += chunk
        line, _, self.waiting = self.waiting.partition(b"\n")
        return line


@dataclass(slots=True)
class Row:
    """The figures of one extractor."""

    name: str
    scores: list[tuple[str, Score]] = field(default_factory=list)
    seconds: float = 0.0
    errors: int = 0
    history: int = 0

    def share(self, count: int) -> float:
        """Give a count as per cent of the mails."""
        return 100 * count / len(self.scores)

    def cells(self, base: float) -> list[str]:
        """Give the row as the table shows it."""
        scores = [one for _, one in self.scores]
        leaked = sum(one.leaked.total() for one in scores)
        counts = (
            sum(one.perfect for one in scores),
            sum(one.clean for one in scores),
            sum(bool(one.lost) for one in scores),
        )
        speed = self.rate() / base if base else 0.0
        return [
            self.name,
            *(f"{self.share(count):.1f}" for count in counts),
            f"{100 * leaked / max(1, self.history):.1f}",
            f"{speed:.2f}",
            str(self.errors),
        ]

    def rate(self) -> float:
        """Give mails a second."""
        return len(self.scores) / self.seconds if self.seconds else 0.0


def interpreter(folder: Path | None) -> list[str]:
    """Give the command that runs a worker: without our own packages for a peer's folder."""
    return [sys.executable, *(["-S"] if folder else [])]


def environment(folder: Path | None) -> dict[str, str]:
    """Give the environment of a worker."""
    return {**os.environ, "PYTHONPATH": str(folder or ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def peers(folder: Path | None) -> Iterator[tuple[str, str, Path | None]]:
    """Find the peers here and in the folder: name, module, where."""
    places: list[Path | None] = [None]
    places += sorted(path.resolve() for path in folder.iterdir() if path.is_dir()) if folder else []
    seen = set()
    for place in places:
        told = subprocess.run(
            [*interpreter(place), str(PEERS)],
            capture_output=True,
            check=True,
            env=environment(place),
            timeout=60,
        )
        for peer in json.loads(told.stdout):
            name = f"{peer['name']} {peer['version']}"
            if name not in seen:
                seen.add(name)
                yield name, peer["module"], place


def measured(name: str, worker: Worker, cases: Sequence[Case], *, told: bool) -> Row:
    """Run one extractor over the corpus."""
    row = Row(name)
    worker.ask(cases[0], told=False)  # imports are not part of the work
    for case in cases:
        answer = worker.ask(case, told=told)
        extract = str(answer["out"])
        if answer["kind"] == "html" and extract.strip():
            extract = get_text(extract)
        row.scores.append((case.name, score(case.parts, extract)))
        row.errors += bool(answer["error"])
        row.history += words(case.parts["quote"]).total()
    # The fastest of some passes: whatever else the machine does can only slow one down.
    row.seconds = min(_pass(worker, cases, told=told) for _ in range(PASSES))
    worker.stop()
    return row


def _pass(worker: Worker, cases: Sequence[Case], *, told: bool) -> float:
    return sum(float(worker.ask(case, told=told)["seconds"]) for case in cases)


def table(rows: Sequence[Row]) -> str:
    """Set the rows as a Markdown table."""
    base = next((row.rate() for row in rows if row.name.startswith(f"{BASE} ")), 0.0)
    head = ["extractor", "perfect %", "clean %", "loss %", "leak %", "speed", "errors"]
    ruled = ["---", *["--:"] * (len(head) - 1)]
    lines = [head, ruled, *(row.cells(base) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def failures(row: Row, most: int) -> str:
    """List the mails of one row that are not perfect, the losses first."""
    bad = [(name, one) for name, one in row.scores if not one.perfect]
    bad.sort(key=lambda item: (-item[1].lost.total(), -item[1].leaked.total(), item[0]))
    return "\n".join(
        f"  {name}: lost {list(one.lost)[:8]} leaked {list(one.leaked)[:8]}"
        f" signature {list(one.signature)[:8]}"
        for name, one in bad[:most]
    )


def written(page: str, text: str) -> str:
    """Put the table between its marks."""
    before, _, rest = page.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}"


def main() -> None:
    """Measure, print, and write if asked."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--corpus", type=Path, default=ROOT / "tests" / "corpus" / "replies")
    ask.add_argument("--peers", type=Path, help="a folder with one subfolder a peer")
    ask.add_argument("--limit", type=float, default=10.0, help="seconds a call may take")
    ask.add_argument("--failures", type=int, default=0, help="list this many of our failures")
    ask.add_argument("--write", action="store_true", help="put the table into docs/replies.md")
    given = ask.parse_args()
    cases = read(given.corpus)
    ours = Worker("gateway", None, given.limit)
    rows = [
        measured("**Rejoinder**, told what was sent", ours, cases, told=True),
        measured("**Rejoinder**, not told", ours, cases, told=False),
    ]
    for name, module, place in peers(given.peers):
        rows.append(measured(name, Worker(module, place, given.limit), cases, told=False))
        if module == "email_reply_extractor":
            worker = Worker(module, place, given.limit)
            rows.append(measured(f"{name}, told what was sent", worker, cases, told=True))
    rows[2:] = sorted(rows[2:], key=lambda row: -sum(one.clean for _, one in row.scores))
    text = f"{table(rows)}\n\n{len(cases)} mails."
    print(text)
    for row in rows[:2] if given.failures else []:
        print(f"\n{row.name}\n{failures(row, given.failures)}")
    if given.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(written(page, text), encoding="utf-8")


if __name__ == "__main__":
    main()
