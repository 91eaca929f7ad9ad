"""Webhook calls over real sockets."""

from collections.abc import AsyncIterator

import pytest

from core.config.ways_out import WebhookSettings
from core.moment import SECOND
from notifier.channels.webhook.call import Delivered, Gone, Retry, WebhookCall, WebhookClient
from tests.support.fake_endpoint import FakeEndpoint

BODY = b'{"id":"evt_1","type":"message.sent","createdAt":1700000000000,"data":{}}'


def a_call(url: str) -> WebhookCall:
    """Return the call of the specification's test vector."""
    return WebhookCall(url, BODY, "sk_test_rejoinder_example", "evt_1", 1_700_000_000_000)


@pytest.fixture
async def endpoint() -> AsyncIterator[FakeEndpoint]:
    """Yield an endpoint on loopback."""
    async with FakeEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
async def webhook() -> AsyncIterator[WebhookClient]:
    """Yield a way to endpoints that may lie on this machine."""
    webhook = WebhookClient(WebhookSettings(allow_private=True, timeout_seconds=5))
    yield webhook
    await webhook.close()


async def test_tells_an_endpoint(webhook: WebhookClient, endpoint: FakeEndpoint) -> None:
    """The endpoint gets the exact octets, signed both ways."""
    answer = await webhook.send(a_call(endpoint.url))

    assert answer == Delivered(200, "OK")
    call = endpoint.calls[0]
    assert (call.method, call.path, call.body) == ("POST", "/hook", BODY)
    assert call.headers["content-type"] == "application/json"
    assert call.headers["x-talkjs-timestamp"] == "1700000000000"
    assert call.headers["x-talkjs-signature"].startswith("4B3381B6E666")
    assert call.headers["webhook-id"] == "evt_1"
    assert call.headers["webhook-signature"].startswith("v1,")


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_2xx_is_delivered(
    webhook: WebhookClient, endpoint: FakeEndpoint, status: int
) -> None:
    """An endpoint may say yes in any way HTTP knows."""
    endpoint.answer(status)

    answer = await webhook.send(a_call(endpoint.url))

    assert answer == Delivered(status, "")


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_a_refusal_is_tried_again(
    webhook: WebhookClient, endpoint: FakeEndpoint, status: int
) -> None:
    """An endpoint that says no may say yes once it is mended."""
    endpoint.answer(status, b"not now")

    answer = await webhook.send(a_call(endpoint.url))

    assert answer == Retry(None, status, "not now")


async def test_410_means_no_more_calls(webhook: WebhookClient, endpoint: FakeEndpoint) -> None:
    """An endpoint can turn itself off."""
    endpoint.answer(410, b"moved out")

    answer = await webhook.send(a_call(endpoint.url))

    assert answer == Gone(410, "moved out")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_p7_21_a_redirect_is_not_followed(
    webhook: WebhookClient, endpoint: FakeEndpoint, status: int
) -> None:
    """The URL was checked; where it points to was not."""
    endpoint.answer(status, headers={"Location": endpoint.url + "/elsewhere"})

    answer = await webhook.send(a_call(endpoint.url))

    assert answer == Retry(None, status, "")
    assert [call.path for call in endpoint.calls] == ["/hook"]


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        pytest.param({"Retry-After": "120"}, 120 * SECOND, id="seconds"),
        pytest.param(
            {
                "Date": "Tue, 14 Nov 2023 22:13:20 GMT",
                "Retry-After": "Tue, 14 Nov 2023 22:15:20 GMT",
            },
            120 * SECOND,
            id="a date, by the endpoint's own clock",
        ),
        pytest.param(
            {
                "Date": "Tue, 14 Nov 2023 22:15:20 GMT",
                "Retry-After": "Tue, 14 Nov 2023 22:13:20 GMT",
            },
            0,
            id="a date that is past",
        ),
        pytest.param({"Retry-After": "Tue, 14 Nov 2023 22:15:20 GMT"}, None, id="a lone date"),
        pytest.param({"Retry-After": "soon"}, None, id="nonsense"),
        pytest.param({"Retry-After": "-5"}, None, id="less than nothing"),
        pytest.param({"Retry-After": "9" * 400}, None, id="a number out of reason"),
        pytest.param({}, None, id="nothing"),
    ],
)
async def test_an_endpoint_may_ask_for_time(
    webhook: WebhookClient, endpoint: FakeEndpoint, headers: dict[str, str], after: int | None
) -> None:
    """Retry-After is passed on where it makes sense (RFC 9110, 10.2.3)."""
    endpoint.answer(503, headers=headers)

    answer = await webhook.send(a_call(endpoint.url))

    assert answer == Retry(after, 503, "")


async def test_only_an_excerpt_is_read(webhook: WebhookClient, endpoint: FakeEndpoint) -> None:
    """A long answer costs no more than a short one."""
    endpoint.answer(500, b"x" * 300_000)

    answer = await webhook.send(a_call(endpoint.url))

    assert answer == Retry(None, 500, "x" * 1024)


@pytest.mark.parametrize("interim", ["100 Continue", "102 Processing", "103 Early Hints"])
async def test_interim_answers_without_end_are_not_read(
    webhook: WebhookClient, endpoint: FakeEndpoint, interim: str
) -> None:
    """A few are passed over; a flood of them would keep the loop that serves everybody."""
    one = f"HTTP/1.1 {interim}\r\n\r\n".encode()
    end = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
    endpoint.answer_raw(one * 3 + end)
    few = await webhook.send(a_call(endpoint.url))
    endpoint.answer_raw(one * 40_000 + end)
    many = await webhook.send(a_call(endpoint.url))

    assert few == Delivered(200, "OK")
    assert many == Retry(None, None, "it answers more than 64 KB")


async def test_a_kept_connection_may_answer_each_call(
    webhook: WebhookClient, endpoint: FakeEndpoint
) -> None:
    """What was answered to the calls before does not count."""
    answers = [await webhook.send(a_call(endpoint.url)) for _ in range(3)]
    endpoint.answer(200, b"x" * 200_000)
    answers.append(await webhook.send(a_call(endpoint.url)))

    assert all(isinstance(one, Delivered) for one in answers)


async def test_an_excerpt_can_be_stored(webhook: WebhookClient, endpoint: FakeEndpoint) -> None:
    """What is no text becomes text that any database takes."""
    endpoint.answer(500, b"\x00\xff")

    answer = await webhook.send(a_call(endpoint.url))

    assert answer == Retry(None, 500, "\ufffd\ufffd")


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"220 mail.example ESMTP\r\n", id="no HTTP"),
        pytest.param(b"", id="not a word"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", id="half an answer"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, id="a header with no end"),
    ],
)
async def test_a_broken_answer_is_tried_again(
    webhook: WebhookClient, endpoint: FakeEndpoint, octets: bytes
) -> None:
    """Whatever an endpoint does is an answer, never an exception."""
    endpoint.answer_raw(octets)

    answer = await webhook.send(a_call(endpoint.url))

    assert isinstance(answer, Retry)
    assert answer.status is None
    assert answer.excerpt


async def test_a_silent_endpoint_is_tried_again(endpoint: FakeEndpoint) -> None:
    """No call lasts longer than its time."""
    endpoint.fall_silent()
    webhook = WebhookClient(WebhookSettings(allow_private=True, timeout_seconds=0.05))

    answer = await webhook.send(a_call(endpoint.url))

    await webhook.close()
    assert answer == Retry(None, None, "no answer within 0.05 s")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1:1/", id="nobody there"),
        pytest.param("ftp://127.0.0.1/", id="not the web"),
        pytest.param("https://", id="no host"),
        pytest.param("not a url", id="no URL"),
        pytest.param("http://[::1", id="half a host"),
        pytest.param("http://nowhere.invalid/", id="no such name"),
        pytest.param("http://xn--/", id="an A-label of nothing"),
        pytest.param("http://xn--a-ecp.ru/", id="an A-label of what may not be in one"),
        pytest.param("http://xn--\udcff.test/", id="a lone surrogate"),
        pytest.param("http://a..b/", id="an empty label"),
        pytest.param(f"http://{'a' * 64}.test/", id="a label that is too long"),
        pytest.param("http://\u2100.test/", id="a name of two"),
        pytest.param("http://[v1.x]/", id="an address of the future"),
        pytest.param("http://x.test:65536/", id="a port there is not"),
    ],
)
async def test_a_bad_url_is_tried_again(webhook: WebhookClient, url: str) -> None:
    """A URL that leads nowhere is the endpoint's trouble, to be seen in its log."""
    answer = await webhook.send(a_call(url))

    assert isinstance(answer, Retry)
    assert answer.status is None
    assert answer.excerpt


async def test_a_private_endpoint_is_refused_unless_allowed(endpoint: FakeEndpoint) -> None:
    """By default no call reaches this machine, and the log says why."""
    webhook = WebhookClient(WebhookSettings())

    answers = [
        await webhook.send(a_call(url))
        for url in (endpoint.url, "http://localhost/hook", "http://169.254.169.254/latest/")
    ]

    await webhook.close()
    assert endpoint.calls == []
    assert [type(answer) for answer in answers] == [Retry, Retry, Retry]
    assert "not on the open internet" in answers[2].excerpt


async def test_the_environments_proxy_is_not_used(
    endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would reach where we may not, so none is asked."""
    monkeypatch.setenv("HTTP_PROXY", endpoint.url)
    webhook = WebhookClient(WebhookSettings())

    answer = await webhook.send(a_call("http://10.0.0.1/"))

    await webhook.close()
    assert isinstance(answer, Retry)
    assert endpoint.calls == []
