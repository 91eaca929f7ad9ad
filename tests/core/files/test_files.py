"""A file is durable when it is kept, found by its key alone, and swept when nobody names it."""

import os
from pathlib import Path

import pytest

from core.actions.say import say
from core.actions.sweep import sweep
from core.errors import SettingsError, StoreFull, StoreUnavailable
from core.files.base import Files
from core.files.bucket import BucketFiles
from core.files.keep import keep, pieces_of
from core.files.place import default_url, open_files
from core.model.attachment import Attachment
from core.moment import DAY
from core.store import attachments, messages
from core.store.database import Database, Session
from gateway.mail.attachments import FilePart
from tests.support.people import APP, NOW, ROOM, a_conversation, words

LATER = 4_000_000_000_000  # long after whatever a test writes
PDF = FilePart("a.pdf", "application/pdf", b"%PDF-1.7\n" * 20_000)


@pytest.fixture(params=["file", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """Open each kind of place there is on one machine."""
    return open_files("memory://" if request.param == "memory" else (tmp_path / "kept").as_uri())


async def whole(place: Files, key: str) -> bytes | None:
    """Return the octets of an object."""
    pieces = await place.get(key)
    return None if pieces is None else b"".join([piece async for piece in pieces])


async def test_what_is_kept_is_found(files: Files) -> None:
    """Octets come back as they went in; equal ones are two objects under keys that tell nothing."""
    first, second = [await files.put(PDF.octets) for _ in range(2)]

    assert first != second
    assert len(first) == len(second) == 41
    assert await whole(files, first) == await whole(files, second) == PDF.octets


async def test_what_is_gone_is_gone(files: Files) -> None:
    """Letting an object go twice is fine, and what was never there is not found."""
    key = await files.put(b"x")
    await files.delete([key])
    await files.delete([key, "00/never"])

    assert await whole(files, key) is None
    assert [one async for one in files.older_than(LATER) if one] == []


async def test_nothing_is_kept_before_it_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``put`` returns after the file and each folder that names it were synced, in this order."""
    synced: list[str] = []
    real = os.fsync

    def watching(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watching)
    place = open_files((tmp_path / "kept").as_uri())
    key = await place.put(b"x")

    file = tmp_path / "kept" / key
    assert synced == [str(file), str(file.parent), str(tmp_path / "kept"), str(tmp_path)]
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0


async def test_a_full_disk_is_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the disk while a file is made durable is ours, and the peer may try again."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(StoreFull, match="No space left"):
        await open_files((tmp_path / "kept").as_uri()).put(b"x")


async def test_a_place_that_cannot_be_written_is_temporary(tmp_path: Path) -> None:
    """A folder that became a file under our feet is told as what it is to a peer: try later."""
    place = open_files((tmp_path / "kept").as_uri())
    (tmp_path / "kept").rmdir()
    (tmp_path / "kept").write_text("in the way", encoding="utf-8")

    with pytest.raises(StoreUnavailable):
        await place.put(b"x")


async def test_what_was_never_finished_is_taken_away(tmp_path: Path) -> None:
    """A process that died while writing leaves half a file, which goes with the next sweep."""
    place = open_files((tmp_path / "kept").as_uri())
    half = tmp_path / "kept" / "ab" / "cd#1"
    half.parent.mkdir()
    half.write_bytes(b"ha")
    found = [one async for one in place.older_than(LATER) if one]

    assert found == []
    assert not half.exists()


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("ftp://x/y", id="a scheme nobody keeps files under"),
        pytest.param("file:///proc/no/such", id="a folder that cannot be made"),
        pytest.param("az://container", id="a bucket without its account"),
        pytest.param("nonsense", id="no URL"),
    ],
)
def test_a_place_that_is_none_is_refused_at_start(url: str) -> None:
    """A wrong setting is told before anything is listened at."""
    with pytest.raises(SettingsError, match=r"files\.url"):
        open_files(url)


@pytest.mark.parametrize("url", ["s3://bucket/prefix", "gs://bucket"])
def test_buckets_are_opened_without_asking_them(url: str) -> None:
    """A bucket that cannot be reached now does not keep the process from starting."""
    assert isinstance(open_files(url), BucketFiles)


@pytest.mark.parametrize(
    ("database", "end"),
    [
        pytest.param("sqlite:////var/lib/r.db", "file:///var/lib/r.db.files", id="beside the file"),
        pytest.param("sqlite:///r.db", "/r.db.files", id="beside a file of here"),
        pytest.param("postgresql://u:secret@h/n", "/rejoinder.files", id="where it was started"),
    ],
)
def test_without_a_setting_files_are_beside_the_database(database: str, end: str) -> None:
    """The default is a folder, and nothing of a password in it."""
    url = default_url(database)

    assert url.startswith("file:///")
    assert url.endswith(end)
    assert "secret" not in url


async def test_sweeping_takes_what_nobody_names(database: Database, files: Files) -> None:
    """What a row names stays, and what is young, since its transaction may yet come."""
    named, orphan = await keep([PDF, PDF], files)

    def work(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        message = say(session, words("ann"), NOW)
        messages.add_files(session, [_row(message.id, named.object_key)])

    await database.write(work)
    young = await sweep(database, files, 0)
    gone = await sweep(database, files, LATER + DAY)

    assert (young, gone) == (0, 1)
    assert await whole(files, named.object_key) == PDF.octets
    assert await whole(files, orphan.object_key) is None


async def test_a_row_from_before_is_read_all_the_same(database: Database, files: Files) -> None:
    """Octets that stand in the row are served from there; the conversation knows its pictures."""

    def work(session: Session) -> frozenset[str]:
        a_conversation(session, "ann", "bo")
        message = say(session, words("ann"), NOW)
        messages.add_files(session, [_row(message.id, None)])
        return attachments.digests(session, APP, ROOM, 50)

    known = await database.write(work)
    old = await database.read(lambda session: messages.file(session, APP, "fil_1"))

    assert known == {"digest"}
    assert old is not None
    pieces = await pieces_of(old.object_key, old.octets, files)
    assert pieces is not None
    assert [one async for one in pieces] == [b"old"]


def _row(message_id: str, key: str | None) -> Attachment:
    return Attachment(
        app_id=APP,
        id="fil_1",
        message_id=message_id,
        filename="a.png",
        content_type="image/png",
        size=3,
        sha256="digest",
        reference=7,
        octets=None if key else b"old",
        object_key=key,
        created_at=NOW,
    )


@pytest.mark.parametrize(
    "url",
    [
        "AKIA:hunter2@bucket/x",
        "hunter2",
        "s3:hunter2@bucket",
        "s3://AKIA:hunter2@",
        "s3://AKIA:hunter2@[bucket/x",
        "az://hunter2@[::1/x",
        "gs://u:hunter2@b:port/x",
    ],
)
def test_a_place_that_is_none_is_told_without_its_secrets(url: str) -> None:
    """What is wrong with the URL is said at start; its key is not."""
    try:
        open_files(url)
    except SettingsError as error:
        told = str(error)
    else:
        told = "files.url: taken"  # a bucket that is asked for only when it is used

    assert told.startswith("files.url: ")
    assert "hunter2" not in told
