"""Who judges a mail: the filters and verifiers of others, each asked on this machine alone.

Each takes mails in a folder and returns what it found wrong, in words. One that is not installed
raises ``MissingError`` with Debian's name of it. Nothing is asked of any network.
"""

import email
import email.policy
import json
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from email.header import decode_header, make_header
from email.utils import formatdate
from pathlib import Path

import dkim

from tests.peers.mails_written import DOMAIN, Mailing, Written
from tests.peers.packages import MissingError
from tests.peers.processes import ended, environment

_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
# What a mail server writes before it asks a filter.
_PEER = "193.0.0.7"  # some address of the world: those for examples are told of as illegal
_RECEIVED = (
    f"Received: from mail.{DOMAIN} (mail.{DOMAIN} [{_PEER}])\r\n"
    "\tby mx.example.net (Postfix) with ESMTPS id 4T1 for <bo@example.net>;\r\n"
    f"\t{formatdate()} (UTC)\r\n"
)
_PORT = 11_433
_OFF = {"rbl", "surbl", "asn", "hfilter", "dmarc", "spf", "dkim", "arc", "mx_check", "emails"}
_ALLOWED = r"(?m)^Symbol: R_DKIM_ALLOW \([^)]*\)\[([^]]*)\]"
# Of the envelope alone, and in each mail: a reverse-path of ours that is not the address in From.
_BY_ENVELOPE = {"FORGED_SENDER", "FROM_NEQ_ENVFROM"}
_FORGERY = re.compile("SPOOF|FORGED|PHISH|HOMOGRAPH|FAKE|FROM_NEQ|DISPLAY")
# What merely describes what was written: letters, titles that people have, how it is encoded.
_DESCRIBES = re.compile(
    "MIME_BASE64_TEXT|_NEEDS_ENCODING|SUBJ_ALL_CAPS|MANY_INVISIBLE|_FAIL$|EXCESS_QP|SUBJECT_HAS_"
    "|URI_COUNT_ODD|FROM_NAME_HAS_TITLE|REPLYTO_DN_EQ_FROM_DN|R_MIXED_CHARSET"
)
# Debian 12's Mail::DKIM knows RSA only: whoever does is why there are two signatures (RFC 8463, 3).
_NO_ED25519 = "invalid (unsupported algorithm ed25519-sha256)"


def kept(mails: Sequence[Written], folder: Path) -> list[Path]:
    """Write mails into a folder, and return where."""
    files = [folder / f"{number:03}.eml" for number in range(len(mails))]
    for file, mail in zip(files, mails, strict=True):
        file.write_bytes(mail.raw)
    return files


def tool(name: str, package: str) -> str:
    """Return a program of Debian's, or raise MissingError."""
    path = shutil.which(name, path=_PATH)
    if path is None:
        raise MissingError(f"{name} is not here: apt-get install {package}")
    return path


def spamassassin(mails: Sequence[Written], folder: Path) -> list[str]:
    """Return the mails to which SpamAssassin's local tests give more than nothing."""
    mbox = folder / "mbox"
    received = _RECEIVED.replace("\r\n", "\n").encode()
    mbox.write_bytes(
        b"".join(
            b"From x Mon Nov 30 12:00:00 2026\n"
            + received
            + one.raw.replace(b"\r\n", b"\n")
            + b"\n"
            for one in mails
        )
    )
    told = _output([tool("spamassassin", "spamassassin"), "--local", "--mbox", str(mbox)])
    marked = [email.message_from_string(one, policy=email.policy.default)
              for one in re.split(r"^From x .*\n", told, flags=re.MULTILINE)[1:]]  # fmt: skip
    status = [" ".join(str(one["X-Spam-Status"]).split()) for one in marked]
    scores = [float(re.findall(r"score=(-?[\d.]+)", one)[0]) for one in status]
    if len(scores) != len(mails):
        return [f"{len(mails)} mails were asked about, and {len(scores)} answered"]
    return [
        f"{mail.name}: {score}, {said}"
        for mail, score, said in zip(mails, scores, status, strict=True)
        if score > 0
    ]


def rspamd(mailing: Mailing, folder: Path) -> list[str]:
    """Return the names for which rspamd finds what it does not of an ordinary mail."""
    with ended(_rspamd(folder / "names")):
        usual = _symbols(mailing.ordinary[0])
        found = {one.name: _symbols(one) for one in mailing.named}
    wrong = [f"{name}: {sorted(more)}" for name, said in found.items()
             if (more := {one for one in said - usual if not _DESCRIBES.search(one)})]  # fmt: skip
    forged = {one for said in (usual, *found.values()) for one in said if _FORGERY.search(one)}
    return wrong + [f"forgery: {one}" for one in sorted(forged - _BY_ENVELOPE)]


def rspamd_dkim(mails: Sequence[Written], records: dict[str, str], folder: Path) -> list[str]:
    """Return the mails of which rspamd accepts not both signatures."""
    both = {f"{DOMAIN}:s={name.partition('.')[0]}" for name in records}
    with ended(_rspamd(folder / "dkim", records)):
        allowed = {one.name: re.search(_ALLOWED, _told(one)) for one in mails}
    return [
        name for name, found in allowed.items() if not found or set(found[1].split(", ")) != both
    ]


def dkimpy(mails: Sequence[Written], records: dict[str, str]) -> list[str]:
    """Return the mails of which dkimpy accepts not both signatures."""

    def ask(name: bytes, timeout: int = 5) -> bytes | None:
        found = records.get(name.decode().rstrip("."))
        return found.encode() if found else None

    return [
        one.name
        for one in mails
        if not all(dkim.DKIM(one.raw).verify(number, dnsfunc=ask) for number in (0, 1))
    ]


def opendkim(files: Sequence[Path], records: dict[str, str], folder: Path) -> list[str]:
    """Return the mails of which OpenDKIM accepts not both signatures."""
    keys, settings = folder / "keys", folder / "opendkim.conf"
    keys.write_text("".join(f"{name} {value}\n" for name, value in records.items()))
    settings.write_text(f"Mode v\nTestPublicKeys {keys}\nUserID root\nSyslog no\n")
    program = tool("opendkim", "opendkim")
    return [
        file.name
        for file in files
        if _output([program, "-vv", "-x", str(settings), "-t", str(file)]).count("dkim=pass") != 2
    ]


def perl(files: Sequence[Path], records: dict[str, str], folder: Path) -> list[str]:
    """Return what Perl's libraries read otherwise, and the signatures that they do not accept."""
    keys = folder / "keys.perl"
    keys.write_text("".join(f"{name} {value}\n" for name, value in records.items()))
    script = str(Path(__file__).with_name("perl_reads.pl"))
    words = [tool("perl", "perl"), script, str(keys), *map(str, files)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, env=environment())
    if missing := re.search(r"Can't locate (\S+)\.pm", ran.stderr):
        module = missing[1].replace("/", "::")
        package = f"lib{module.lower().replace('::', '-')}-perl"
        raise MissingError(f"Perl's {module} is not here: apt-get install {package}")
    read = [json.loads(line) for line in ran.stdout.splitlines()]
    if len(read) != len(files):
        return [f"{len(files)} mails were asked about, and {len(read)} answered: {ran.stderr}"]
    return [
        f"{file.name}: {wrong}"
        for file, told in zip(files, read, strict=True)
        for wrong in _otherwise(file, told)
    ]


def _otherwise(file: Path, told: dict[str, object]) -> list[str]:
    """Return what was read of a mail otherwise than Python reads it."""
    raw = file.read_bytes()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    ours: dict[str, list[str]] = {}
    # As the older policy reads them: the newer puts blanks between the encoded words of a name.
    for name, value in email.message_from_bytes(raw, policy=email.policy.compat32).items():
        if not name.startswith("DKIM"):
            shown = str(make_header(decode_header(" ".join(value.split()))))
            ours.setdefault(name, []).append(_one_space(shown))
    theirs = {name: [_one_space(one) for one in several]
              for name, several in dict(told["headers"]).items()}  # type: ignore[call-overload]  # fmt: skip
    wrong = [f"{name} is {theirs.get(name)}, not {ours[name]}"
             for name in ours if theirs.get(name) != ours[name]]  # fmt: skip
    wrong += [f"{name} is there" for name in theirs.keys() - ours.keys()]
    part = mail.get_body(("plain",))
    if part is None or part.get_content().splitlines() != str(told["text"]).splitlines():
        wrong.append("its text is another")
    accepted = told["signed"] in (["pass", "pass"], ["pass", _NO_ED25519])
    return wrong if accepted else [*wrong, f"signed: {told['signed']}"]


def _one_space(text: str) -> str:
    return " ".join(text.split()).replace('"', "")


def _rspamd(folder: Path, records: dict[str, str] | None = None) -> "subprocess.Popen[str]":
    """Start rspamd with its usual rules, without what asks others, and wait until it answers.

    With DNS records it verifies DKIM, and is told them in place of asking.
    """
    program, local = tool("rspamd", "rspamd"), folder / "rspamd" / "local.d"
    local.mkdir(parents=True)
    endings = folder / "endings.dat"
    endings.write_text("com\norg\nnet\nexample\n")
    fake = [
        {"name": name, "type": "txt", "replies": [said]} for name, said in (records or {}).items()
    ]
    (local / "options.inc").write_text(
        f'disable_hyperscan = true; url_tld = "{endings}"; dns {{ timeout = 50ms; retransmits = 1;'
        f' nameserver = ["127.0.0.1"]; fake_records = {json.dumps(fake)}; }}'
    )
    for name in _OFF - {"dkim"} if records else _OFF:
        (local / f"{name}.conf").write_text("enabled = false;")
    (local / "worker-normal.inc").write_text(f'bind_socket = "127.0.0.1:{_PORT}";')
    places = {"LOCAL_CONFDIR": folder / "rspamd", "DBDIR": folder, "RUNDIR": folder,
              "LOGDIR": folder}  # fmt: skip
    started = subprocess.Popen(
        [program, "-i", "-f", "-c", "/etc/rspamd/rspamd.conf",
         *(f"--var={name}={path}" for name, path in places.items())],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, text=True,
    )  # fmt: skip
    until = time.monotonic() + 120
    asked = [tool("rspamc", "rspamd"), "-h", f"127.0.0.1:{_PORT}", "symbols"]
    while time.monotonic() < until and started.poll() is None:
        if "Action:" in _output(asked, b"Subject: x\r\n\r\nx\r\n"):
            break
        time.sleep(0.5)
    return started


def _symbols(mail: Written) -> set[str]:
    """Return what rspamd calls what it found in a mail."""
    return set(re.findall(r"^Symbol: (\w+)", _told(mail), re.MULTILINE))


def _told(mail: Written) -> str:
    """Return what rspamd says of a mail."""
    words = [tool("rspamc", "rspamd"), "-h", f"127.0.0.1:{_PORT}", "--ip", _PEER,
             "--from", mail.reverse_path, "--rcpt", mail.recipient, "--helo", f"mail.{DOMAIN}",
             "--hostname", f"mail.{DOMAIN}", "symbols"]  # fmt: skip
    told = _output(words, _RECEIVED.encode() + mail.raw)
    if "Action:" not in told:
        raise RuntimeError(f"rspamd does not answer: {told[:200]}")
    return told


def _output(words: list[str], given: bytes | None = None) -> str:
    """Return what a program says, on both streams."""
    ran = subprocess.run(
        words, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        env=environment(),
    )  # fmt: skip
    return ran.stdout.decode(errors="replace")
