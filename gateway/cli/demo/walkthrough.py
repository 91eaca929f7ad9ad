"""The steps of the demo, in order; each a few requests and what must come of them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.lazy_import import lazy_import
from gateway.cli.demo import mail_client
from gateway.cli.demo.printer import Printer, Surprise

if TYPE_CHECKING:
    import httpx
else:
    httpx = lazy_import("httpx")

APP = "bikes"
_SHOWN = ("From", "To", "Reply-To", "Subject", "Message-ID", "List-Id", "List-Unsubscribe",
          "List-Unsubscribe-Post", "Auto-Submitted")  # fmt: skip
_TIMEOUT_SECONDS = 15.0
_BO, _CY = "bo@example.com", "cy@example.com"
_WORDS = "Yes, it is! You can try it on Saturday at ten.\n\nShall I keep it for you?"


class Walkthrough:
    """What the steps share: the API, the post, and what has happened so far."""

    def __init__(
        self,
        admin: httpx.AsyncClient,
        api: httpx.AsyncClient,
        smtp_port: int,
        mails: asyncio.Queue[bytes],
        printer: Printer,
    ) -> None:
        """Begin with nothing."""
        self.admin, self.api, self.smtp_port, self.mails = admin, api, smtp_port, mails
        self.printer = printer
        self.key = ""
        self.waiting: list[EmailMessage] = []
        self.mail = EmailMessage()
        self.reply = EmailMessage()

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API as the app's back end does: with its secret key."""
        answer = await self.api.request(
            method, f"/v1/{APP}{path}", json=body,
            headers={"Authorization": f"Bearer {self.key}"},
        )  # fmt: skip
        return _json(answer)

    async def found(self, path: str, body: Any) -> Any:
        """Ask what only the operator may."""
        return _json(await self.admin.post(path, json=body))

    async def messages(self) -> list[dict[str, Any]]:
        """Return what was said so far, oldest first."""
        page = await self.ask("GET", "/conversations/red-bike/messages")
        return list(page["data"])[::-1]

    async def say(self, sender: str, *texts: str) -> None:
        """Say something in the conversation."""
        said = [{"type": "UserMessage", "sender": sender, "text": text} for text in texts]
        await self.ask("POST", "/conversations/red-bike/messages", said)

    async def mail_to(self, address: str) -> EmailMessage:
        """Wait for the next mail to somebody."""
        for mail in self.waiting:
            if mail_client.address(mail["To"]) == address:
                self.waiting.remove(mail)
                return mail
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            while True:
                mail = mail_client.read(await self.mails.get())
                if mail_client.address(mail["To"]) == address:
                    return mail
                self.waiting.append(mail)

    def mails_to(self, address: str) -> int:
        """Count the mails to somebody that nobody has looked at."""
        while not self.mails.empty():
            self.waiting.append(mail_client.read(self.mails.get_nowait()))
        return sum(mail_client.address(mail["To"]) == address for mail in self.waiting)

    async def show_mails(self) -> None:
        """Show every mail that goes out, until cancelled."""
        while True:
            mail = self.waiting.pop(0) if self.waiting else mail_client.read(await self.mails.get())
            self.printer.step(f"A mail to {mail['To']}")
            self.printer.quote(mail_client.part(mail, "plain"))

    async def offer(self, author: str, recipient: str, mail: EmailMessage) -> str:
        """Offer a mail to the gateway by SMTP and return its answer in one line."""
        reverse_path, raw = mail_client.address(author), mail.as_bytes()
        port = self.smtp_port
        code, text = await asyncio.to_thread(mail_client.offer, port, reverse_path, recipient, raw)
        answer = f"{code} {' '.join(text.split())}"
        self.printer.quote(answer, "magenta")
        return answer

    async def invitation(self, database: str) -> list[str]:
        """Return lines that talk to the running demo, whose database this is."""
        url = f"{self.api.base_url}".rstrip("/") + f"/v1/{APP}/conversations/red-bike/messages"
        bearer = f"-H 'Authorization: Bearer {self.key}'"
        # The address in his mail was stolen, and has been dead since.
        found = await self.ask("GET", "/conversations/red-bike/participants/bo/email")
        reply_to = next(iter(found.values()))
        said = '[{"type": "UserMessage", "sender": "bo", "text": "One more thing ..."}]'
        return [
            "",
            "It goes on running; Ctrl-C ends it. Talk to it from another terminal:",
            "",
            f"curl {bearer} {url}",
            f"curl {bearer} -H 'Content-Type: application/json' -d '{said}' {url}",
            (
                f"swaks --server 127.0.0.1:{self.smtp_port} --from {_BO} --to {reply_to} "
                "--header 'Subject: Re: The red bike' --body 'And a bell?'"
            ),
            f"rejoinder explain bo red-bike --database {database}",
            f"rejoinder mail list --database {database}",
        ]


async def _beginning(walk: Walkthrough) -> None:
    printer = walk.printer
    await walk.found("/admin/apps", {"id": APP, "name": "Second Wheel"})
    key = await walk.found(f"/admin/apps/{APP}/keys", {"label": "demo"})
    walk.key = key["secretKey"]
    await walk.ask("PUT", "/roles/default", {"timeoutSeconds": 1})
    for id_, name in (("ann", "Ann Adler"), ("bo", "Bo Berg"), ("cy", "Cy Cole")):
        body = {"name": name, "email": [f"{id_}@example.com"], "role": "default"}
        await walk.ask("PUT", f"/users/{id_}", body)
    body = {"subject": "The red bike", "participants": ["ann", "bo"]}
    await walk.ask("PUT", "/conversations/red-bike", body)
    path = "/conversations/red-bike/participants/cy"
    await walk.ask("PUT", path, {"access": "Read", "notify": True})
    printer.says("An app with three users. Ann buys, Bo sells, Cy of the shop may only read along.")
    texts = ("Hi Bo, is the red bike still there?", "And could I try it on Saturday?")
    await walk.say("ann", *texts)
    for text in texts:
        printer.quote(f"Ann: {text}")
    printer.good("two messages; nobody else has the page open")


async def _mail_goes_out(walk: Walkthrough) -> None:
    printer = walk.printer
    mail = walk.mail = await walk.mail_to(_BO)
    printer.quote("\n".join(f"{name}: {mail[name]}" for name in _SHOWN if mail[name]), "magenta")
    printer.quote("\n" + mail_client.part(mail, "plain"))
    printer.says(f"To see its HTML, open {_kept(mail_client.part(mail, 'html')).as_uri()}")
    printer.expect("Saturday" in mail_client.part(mail, "plain"), "one mail for both messages")
    secret = mail_client.address(mail["Reply-To"])
    printer.expect(secret.startswith("r+"), "the address in Reply-To is Bo's alone")


async def _reply_comes_back(walk: Walkthrough) -> None:
    printer = walk.printer
    walk.reply = mail_client.answer(walk.mail, f"Bo Berg <{_BO}>", _WORDS)
    printer.quote(str(walk.reply.get_content()))
    answer = await walk.offer(_BO, mail_client.address(walk.mail["Reply-To"]), walk.reply)
    printer.expect(answer.startswith("250 2.0.0"), "taken: it is on disk")
    last = (await walk.messages())[-1]
    printer.says("The newest message of the conversation:")
    printer.quote(f"{last['senderId']}, by {last['origin']}: {last['text']}")
    arrived = (last["senderId"], last["origin"], last["text"]) == ("bo", "email", _WORDS)
    printer.expect(arrived, "what Bo wrote, and nothing of what he quoted")
    printer.expect(await walk.mail_to("ann@example.com"), "and Ann, who has left, gets a mail too")


async def _refusals(walk: Walkthrough) -> None:
    printer, count = walk.printer, len(await walk.messages())
    to_bo = mail_client.address(walk.mail["Reply-To"])
    printer.says("Somebody forges an address:")
    guessed = "r+" + "a" * 44 + "@" + to_bo.partition("@")[2]
    answer = await walk.offer(_BO, guessed, walk.reply)
    printer.expect(answer.startswith("550 5.1.1"), "refused: there is nobody")
    printer.says("Cy, who may only read, was told so in the mail, and answers all the same:")
    theirs = await walk.mail_to(_CY)
    printer.expect(theirs["Reply-To"] is None, "Cy's mail has no reply address")
    found = await walk.ask("GET", "/conversations/red-bike/participants/cy/email")
    mail = mail_client.answer(theirs, f"Cy Cole <{_CY}>", "I have something to say, too.")
    answer = await walk.offer(_CY, next(iter(found.values())), mail)
    printer.expect(answer.startswith("550 5.7.1"), "refused: Cy may not write here")
    printer.says("Bo's mail server was cut off and offers his reply again:")
    answer = await walk.offer(_BO, to_bo, walk.reply)
    printer.expect(answer.startswith("250"), "taken again")
    printer.expect(len(await walk.messages()) == count, "but posted once; nothing else came in")


async def _stolen(walk: Walkthrough) -> None:
    printer, count = walk.printer, len(await walk.messages())
    to_bo = mail_client.address(walk.mail["Reply-To"])
    printer.says("Mallory has got hold of Bo's address and writes to it:")
    stolen = mail_client.answer(walk.mail, "Mallory <mallory@example.net>", "Send me the money.")
    answer = await walk.offer("mallory@example.net", to_bo, stolen)
    printer.expect(answer.startswith("250"), "taken, and Mallory learns nothing")
    printer.expect(len(await walk.messages()) == count, "but not posted: it is held")
    question = await walk.mail_to(_BO)
    printer.says("Bo, not Mallory, is asked by mail:")
    printer.quote(f"Subject: {question['Subject']}\n\n{mail_client.part(question, 'plain')}")
    link = next(
        one for one in mail_client.part(question, "plain").split() if one.endswith("do=not_me")
    )
    page = await walk.api.get(link)
    printer.expect(page.is_success and "money" in page.text, "the link shows the reply")
    done = await walk.api.post(link.partition("?")[0], data={"do": "not_me"})
    printer.quote(f"POST …/h/…: {done.status_code}, {_title(done.text)}", "magenta")
    answer = await walk.offer("mallory@example.net", to_bo, stolen)
    printer.expect(answer.startswith("550 5.1.1"), "Bo says no, and the address is dead")


def _title(page: str) -> str:
    """Return the heading of a page."""
    return page.partition("<h1")[2].partition(">")[2].partition("<")[0]


async def _opt_out(walk: Walkthrough) -> None:
    printer = walk.printer
    link = str(walk.mail["List-Unsubscribe"]).partition("<")[2].partition(">")[0]
    explain = "/conversations/red-bike/participants/bo/explain"
    before = await walk.ask("GET", explain)
    page = await walk.api.get(link)
    after = await walk.ask("GET", explain)
    unchanged = (after["optedOut"], after["notifications"]) == ([], before["notifications"])
    printer.quote(f"GET {link}: {page.status_code}", "magenta")
    printer.expect(page.is_success and unchanged, "looking at the link changes nothing")
    post_body = {"List-Unsubscribe": "One-Click"}
    done = await walk.api.post(link, data=post_body)  # RFC 8058, 3.1
    printer.quote(f"POST {link}: {done.status_code}", "magenta")
    printer.expect(done.is_success, "one click, and Bo has opted out")
    mails = walk.mails_to(_BO)
    await walk.say("ann", "Great, see you on Saturday!")
    printer.quote("Ann: Great, see you on Saturday!")
    latest = await _decided(walk, explain, before)
    printer.says("rejoinder explain bo red-bike:")
    printer.quote(f"{latest['reason']}: {latest['explanation']}", "magenta")
    printer.expect(latest["reason"] == "opted_out", "no mail, and a reason that can be asked for")
    printer.expect(walk.mails_to(_BO) == mails, "the relay was given none for Bo")


async def _decided(walk: Walkthrough, path: str, before: Any) -> dict[str, Any]:
    """Wait until it is decided whether Bo is told of the newest message."""
    known = len(before["notifications"])
    async with asyncio.timeout(_TIMEOUT_SECONDS):
        while True:
            decided = (await walk.ask("GET", path))["notifications"]
            if len(decided) > known:
                return dict(decided[0])
            await asyncio.sleep(0.1)


def _kept(page: str) -> Path:
    """Write a page to a file that outlives the demo, so that it can be opened."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="rejoinder-demo-", suffix=".html", delete=False
    ) as file:
        file.write(page)
    return Path(file.name)


def _json(answer: httpx.Response) -> Any:
    if not answer.is_success:
        request = answer.request
        raise Surprise(f"{request.method} {request.url.path}: {answer.status_code} {answer.text}")
    return answer.json() if answer.content else None


STEPS: tuple[tuple[str, Callable[[Walkthrough], Awaitable[None]]], ...] = (
    ("Ann writes to Bo, who is not there", _beginning),
    ("Two seconds later Bo has a mail", _mail_goes_out),
    ("Bo answers from his mail program", _reply_comes_back),
    ("What does not come in", _refusals),
    ("An address is stolen", _stolen),
    ("Bo has had enough mail", _opt_out),
)
