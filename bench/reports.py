"""Print how well delivery reports are read, and that no person's mail passes for one.

    python bench/reports.py --reports set-of-emails --expected rb-sisimai/test/public \
        --genuine FOLDER

``--reports`` is a clone of github.com/sisimai/set-of-emails, or any folder of such mails;
``--expected`` the folder with sisimai's own expectations, which name status, reply code and reason;
``--genuine`` a folder of mails that people wrote. The bench fails if one of those passes for a
report, or a figure is below its floor. ``--show WORD`` lists the mails behind a figure.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from figure import Figure, arguments, report  # noqa: E402

from core.rules.bounces import Suppress, consequence  # noqa: E402
from gateway.mail import guard  # noqa: E402
from gateway.mail.parse import parse  # noqa: E402
from gateway.mail.reports import read_report  # noqa: E402
from gateway.mail.reports.report import Report, ReportKind  # noqa: E402

_CASE = re.compile(r"'(\d+)' => \[((?:\s*\[[^\]]*\],?)+)\s*\]")
_ROW = re.compile(r"\['([^']*)',\s*'([^']*)',\s*'([^']*)',\s*(true|false)(?:,\s*'([^']*)')?")
_KINDS: dict[str, set[ReportKind | None]] = {
    "delivered": {ReportKind.DELIVERED, ReportKind.RELAYED},
    "vacation": {None},
    "feedback": {ReportKind.COMPLAINT},
}
_NO_WISH = {"auth-failure", "not-spam", "virus", "dmarc"}
_GONE = {"userunknown", "hasmoved"}
# What must never be laid upon an address: our content, our name, a line that broke.
_NOT_ITS_FAULT = {"blocked", "badreputation", "authfailure", "spamdetected", "virusdetected"}
_NOT_ITS_FAULT |= {"policyviolation", "norelaying", "mesgtoobig", "networkerror", "ratelimited"}
_NOT_ITS_FAULT |= {"requireptr", "securityerror", "contenterror", "systemerror", "expired"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What sisimai says of one recipient of a mail."""

    status: str
    code: str
    reason: str
    sort: str

    def kinds(self) -> set[ReportKind | None]:
        """Return how we may call it."""
        if self.sort in _NO_WISH:
            return {ReportKind.OTHER}
        return _KINDS.get(self.reason, {ReportKind.BOUNCE, ReportKind.DELAY})


@dataclass(slots=True)
class Tally:
    """How often something was right, and where it was not."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def note(self, *, right: bool, name: str) -> None:
        """Count one."""
        self.right += right
        if not right:
            self.wrong.append(name)

    @property
    def share(self) -> float | None:
        """Percent right."""
        total = self.right + len(self.wrong)
        return 100 * self.right / total if total else None


def main() -> None:
    """Measure, print, and fail where it is not good enough."""
    parser = arguments(__doc__)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--expected", type=Path)
    parser.add_argument("--genuine", type=Path)
    parser.add_argument("--show", default="")
    given = parser.parse_args()
    told = dict(_expectations(given.expected)) if given.expected else {}
    tallies, slowest = _reports(given.reports, told)
    mistaken = [f"{one.name}: {found}" for one, found in _genuine(given.genuine) if found]
    figures = _figures(tallies, slowest)
    if given.genuine:
        figures.append(
            Figure("people's mails taken for reports", len(mistaken), 0, 0, at_most=True)
        )
    report(figures, given.json)
    wrong = tallies[given.show].wrong if given.show in tallies else []
    print("\n".join([*mistaken, *wrong]))
    if any(one.met == "NOT" for one in figures):
        sys.exit("below a floor")


def _figures(tallies: dict[str, Tally], slowest: float) -> list[Figure]:
    floors = {"recognised": 95, "kind": 95, "recipient": 95, "recipient agrees": 85}
    floors |= {"status": 85, "code": 85, "gone": 80, "spared": 97}
    figures = []
    for name, tally in tallies.items():
        total = tally.right + len(tally.wrong)
        shown = f"{name} ({total})"
        absent = "" if total else "nothing tells"
        figures.append(Figure(shown, tally.share, floors[name], 99, unit="%", absent=absent))
    return [*figures, Figure("slowest", slowest * 1000, 250, 50, unit="ms", at_most=True)]


def _reports(folder: Path, told: dict[str, list[Expected]]) -> tuple[dict[str, Tally], float]:
    names = ("recognised", "kind", "recipient", "recipient agrees")
    tallies = {name: Tally() for name in (*names, "status", "code", "gone", "spared")}
    slowest = 0.0
    for file in _mails(folder):
        began = perf_counter()
        found = _read(file)
        slowest = max(slowest, perf_counter() - began)
        _compare(tallies, file, found, told.get(file.stem, []))
    return tallies, slowest


def _compare(
    tallies: dict[str, Tally], file: Path, found: Report | None, told: list[Expected]
) -> None:
    name = f"{file.parent.name}/{file.name} {found.summary[:150] if found else None}"
    may_be = set().union(*(one.kinds() for one in told)) if told else None
    if may_be is not None:
        kind = found.kind if found else None
        tallies["kind"].note(right=kind in may_be, name=f"{name} {kind} {told}")
    if may_be == {None}:
        return
    tallies["recognised"].note(right=found is not None, name=name)
    failed = found is not None and found.kind in (ReportKind.BOUNCE, ReportKind.DELAY)
    if not failed or found is None:
        return
    tallies["recipient"].note(right=bool(found.recipients), name=name)
    if to := _told_to(file):
        right = bool({one.lower() for one in found.recipients} & to)
        tallies["recipient agrees"].note(right=right, name=f"{name} {found.recipients} {to}")
    if told:
        _codes(tallies, found, told, name)


def _codes(tallies: dict[str, Tally], found: Report, told: list[Expected], name: str) -> None:
    reply, name = found.reply, f"{name} | {told}"
    # Sisimai makes up a status where none was said: its detail is beyond 900.
    statuses = {
        one.status for one in told if one.status and int(one.status.rpartition(".")[2]) < 900
    }
    if statuses and not any(one.endswith(".0.0") for one in statuses):
        tallies["status"].note(right=reply.enhanced in statuses, name=f"{name} {reply}")
    if codes := {one.code for one in told if one.code}:
        tallies["code"].note(right=str(reply.code) in codes, name=f"{name} {reply}")
    reasons = {one.reason for one in told}
    suppressed = found.cause is not None and isinstance(consequence(found.cause), Suppress)
    if reasons <= _GONE and found.kind is ReportKind.BOUNCE:
        tallies["gone"].note(right=suppressed, name=name)
    if reasons <= _NOT_ITS_FAULT:
        tallies["spared"].note(right=not suppressed, name=name)


def _read(file: Path, reverse_path: str | None = None) -> Report | None:
    raw = file.read_bytes()
    return None if guard.inspect(raw) else read_report(parse(raw), reverse_path)


def _told_to(file: Path) -> set[str]:
    """Return whom the mail that is brought back was to: the last To, if not the first."""
    text = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode("latin-1")
    lines = re.findall(r"^(?:To|X-Original-To): *(.*)", text, re.MULTILINE)
    first, last = lines[:1], lines[-1:] if len(lines) > 1 else []
    own = set(re.findall(r"[\w.+=-]+@[\w.-]+", " ".join(first).lower()))
    return set(re.findall(r"[\w.+=-]+@[\w.-]+", " ".join(last).lower())) - own


def _genuine(folder: Path | None) -> Iterator[tuple[Path, Report | None]]:
    """Read people's mails, as they came and as they would with no reverse-path."""
    for file in _mails(folder) if folder else ():
        yield file, _read(file) or _read(file, "")


def _mails(folder: Path) -> list[Path]:
    """Return the reports of a folder; in a clone of the set those with either line end."""
    maildir = folder / "maildir"
    if not maildir.is_dir():
        return sorted(folder.rglob("*.eml"))
    return [one for part in ("bsd", "dos") for one in sorted((maildir / part).glob("*.eml"))]


def _expectations(folder: Path) -> Iterator[tuple[str, list[Expected]]]:
    for file in sorted(folder.glob("*.rb")):
        for number, rows in _CASE.findall(file.read_text("utf-8")):
            cases = [Expected(s, c, reason, sort) for s, c, reason, _, sort in _ROW.findall(rows)]
            yield f"{file.stem}-{number}", cases


main()
