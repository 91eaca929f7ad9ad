"""What fuzzing found: mails that made reading raise, or wait, each as small as it could be."""

import pytest

from tests.support.reading import read_all

FOUND = [
    pytest.param(
        b"From: =?8?b?YXIge?= <bo@example.net>\r\n\r\nhello\r\n",
        id="an encoded word in From whose base64 lacks an end",
    ),
    pytest.param(
        b"From: bo@example.net\r\nContent-Type: multipart/mixed; charset=idna\r\n\r\n\xcd\r\n",
        id="a multipart without parts, in a charset that is none",
    ),
    pytest.param(
        b"Content-Type:multipart/;charset*\n\xfd",
        id="a multipart without parts, in a charset without a value",
    ),
    pytest.param(
        b"From: bo@example.net\r\n\r\nOn Monday DOMAIN\\user wrote: hello\r\n",
        id="a backslash in who wrote",
    ),
]


@pytest.mark.parametrize("raw", FOUND)
def test_what_was_found_is_read(raw: bytes) -> None:
    """Reading answers, with what the mail says or with what is too much of it."""
    assert isinstance(read_all(raw), str)
