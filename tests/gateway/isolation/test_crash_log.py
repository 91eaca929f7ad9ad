"""A mail that the process dies of is set aside after three deaths, and the rest flows."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from core.store import receipts
from core.store.database import Database
from core.verdict import Hold, Reason
from gateway.isolation.crash_log import DEATHS, CrashLog
from gateway.isolation.offload import Readers
from gateway.mail.envelope import Envelope
from gateway.mail.offer import Offer
from tests.support.people import APP, NOW
from tests.support.reception import a_gateway, a_mail

ROOT = Path(__file__).resolve().parents[3]
POISON = hashlib.sha256(b"poison").digest()
HARMLESS = hashlib.sha256(b"harmless").digest()

PROGRAM = """
import hashlib, os, pathlib, sys
from gateway.isolation.crash_log import CrashLog
log = CrashLog(pathlib.Path(sys.argv[1]))
with log.noted(hashlib.sha256(b"harmless").digest()):
    pass
with log.noted(hashlib.sha256(b"poison").digest()):
    os.abort()
"""


def die_of_it(folder: Path) -> None:
    """Let a process die while it reads."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)], cwd=ROOT, capture_output=True, check=False
    )
    assert ended.returncode == -6, ended.stderr


def test_three_deaths_make_a_poison(tmp_path: Path) -> None:
    """Not two: a machine may fail for reasons of its own."""
    known = []
    for _ in range(DEATHS):
        die_of_it(tmp_path)
        log = CrashLog(tmp_path)
        known.append((log.is_poison(POISON), log.is_poison(HARMLESS)))
        log.close()

    assert known == [(False, False), (False, False), (True, False)]


def test_who_survives_a_mail_forgets_its_deaths(tmp_path: Path) -> None:
    """What was read in the end was not what killed."""
    die_of_it(tmp_path)
    die_of_it(tmp_path)
    first = CrashLog(tmp_path)
    with first.noted(POISON):
        pass
    first.close()
    die_of_it(tmp_path)
    again = CrashLog(tmp_path)

    assert not again.is_poison(POISON)
    again.close()


def test_the_living_are_not_counted(tmp_path: Path) -> None:
    """Another process that reads right now has not died."""
    living = CrashLog(tmp_path)
    with living.noted(POISON):
        others = [CrashLog(tmp_path) for _ in range(DEATHS)]

        assert not any(one.is_poison(POISON) for one in others)
    for one in (living, *others):
        one.close()

    assert [file.name for file in tmp_path.glob("*.reading")] == []


def test_a_fault_that_is_survived_is_no_death(tmp_path: Path) -> None:
    """An exception is answered 451, and leaves nothing under way."""
    log = CrashLog(tmp_path)
    with pytest.raises(ZeroDivisionError), log.noted(POISON):
        raise ZeroDivisionError
    log.close()
    after = CrashLog(tmp_path)

    assert not after.is_poison(POISON)
    after.close()


async def test_p7_32_a_poison_is_kept_unread_and_the_rest_flows(
    database: Database, tmp_path: Path
) -> None:
    """It is answered 250, so that the peer lets go of it, and waits for the operator."""
    log = CrashLog(tmp_path)
    gateway = await a_gateway(database, readers=Readers(log))
    raw = a_mail("Do not open").replace(b"\n", b"\r\n")
    digest = Offer(Envelope("", ()), "", raw, NOW, 1).content_digest
    for _ in range(DEATHS):
        log.count(digest)
    verdict = await gateway.offer(a_mail("Do not open"))
    await gateway.offer(a_mail("Open me"))
    kept = await database.read(lambda session: receipts.listed(session, APP, 9))
    log.close()

    assert verdict == Hold(Reason.QUARANTINED)
    assert await gateway.said() == ["Open me"]
    assert sorted(one.reason for one in kept) == ["posted", "quarantined"]


async def test_a_copy_that_kills_sets_no_other_aside(database: Database, tmp_path: Path) -> None:
    """Somebody's body under other headers; and the mail itself is known whatever way it came."""
    log = CrashLog(tmp_path)
    gateway = await a_gateway(database, readers=Readers(log))
    raw = a_mail("My words").replace(b"\n", b"\r\n")
    hostile = b"X-Killer: \xff\r\n" + raw
    again = b"RECEIVED: from a by b;\r\n\tnow\r\nReceived: from c by d\r\n" + hostile
    digests = [Offer(Envelope("", ()), "", one, NOW, 1).content_digest for one in (hostile, again)]
    for digest in [*digests, digests[0]]:
        log.count(digest)
    verdicts = [await gateway.offer(one.replace(b"\r\n", b"\n")) for one in (hostile, raw)]
    log.close()

    assert verdicts[0] == Hold(Reason.QUARANTINED)
    assert await gateway.said() == ["My words"]


async def test_two_deadly_mails_of_one_body_are_both_kept(
    database: Database, tmp_path: Path
) -> None:
    """Nobody has read them, so nobody knows that they say the same."""
    log = CrashLog(tmp_path)
    gateway = await a_gateway(database, readers=Readers(log))
    mails = [a_mail("Yes.", Subject=subject) for subject in ("Re: the bike", "Re: the car")]
    for mail in mails * DEATHS:
        log.count(Offer(Envelope("", ()), "", mail.replace(b"\n", b"\r\n"), NOW, 1).content_digest)
    verdicts = [await gateway.offer(mail) for mail in (*mails, mails[0])]
    kept = await database.read(lambda session: receipts.listed(session, APP, 9))
    log.close()

    assert verdicts == [Hold(Reason.QUARANTINED)] * 3
    assert len(kept) == 2
