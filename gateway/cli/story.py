"""The chapters of the demo, in order; each a few requests and what must come of them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.late import late
from gateway.cli import post
from gateway.cli.teller import Surprise, Teller

if TYPE_CHECKING:
    import httpx
else:
    httpx = late("httpx")

APP = "bikes"
_SHOWN = ("From", "To", "Reply-To", "Subject", "Message-ID", "List-Id", "List-Unsubscribe",
          "List-Unsubscribe-Post", "Auto-Submitted")  # fmt: skip
_PATIENCE = 15.0
_BO, _CY = "bo@example.com", "cy@example.com"
_WORDS = "Yes, it is! You can try it on Saturday at ten.\n\nShall I keep it for you?"


class Story:
    """What the chapters share: the API, the post, and what has happened so far."""

    def __init__(
        self,
        admin: httpx.AsyncClient,
        api: httpx.AsyncClient,
        smtp_port: int,
        mails: asyncio.Queue[bytes],
        teller: Teller,
    ) -> None:
        """Begin with nothing."""
        self.admin, self.api, self.smtp_port, self.mails = admin, api, smtp_port, mails
        self.teller = teller
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
            if post.address(mail["To"]) == address:
                self.waiting.remove(mail)
                return mail
        async with asyncio.timeout(_PATIENCE):
            while True:
                mail = post.read(await self.mails.get())
                if post.address(mail["To"]) == address:
                    return mail
                self.waiting.append(mail)

    def mails_to(self, address: str) -> int:
        """Count the mails to somebody that nobody has looked at."""
        while not self.mails.empty():
            self.waiting.append(post.read(self.mails.get_nowait()))
        return sum(post.address(mail["To"]) == address for mail in self.waiting)

    async def show_mails(self) -> None:
        """Show every mail that goes out, until cancelled."""
        while True:
            mail = self.waiting.pop(0) if self.waiting else post.read(await self.mails.get())
            self.teller.chapter(f"A mail to {mail['To']}")
            self.teller.quote(post.part(mail, "plain"))

    async def offer(self, author: str, recipient: str, mail: EmailMessage) -> str:
        """Offer a mail to the gateway by SMTP and return its answer in one line."""
        reverse_path, raw = post.address(author), mail.as_bytes()
        port = self.smtp_port
        code, text = await asyncio.to_thread(post.offer, port, reverse_path, recipient, raw)
        answer = f"{code} {' '.join(text.split())}"
        self.teller.quote(answer, "magenta")
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


async def _beginning(story: Story) -> None:
    teller = story.teller
    await story.found("/admin/apps", {"id": APP, "name": "Second Wheel"})
    key = await story.found(f"/admin/apps/{APP}/keys", {"label": "demo"})
    story.key = key["secretKey"]
    await story.ask("PUT", "/roles/default", {"timeoutSeconds": 1})
    for id_, name in (("ann", "Ann Adler"), ("bo", "Bo Berg"), ("cy", "Cy Cole")):
        body = {"name": name, "email": [f"{id_}@example.com"], "role": "default"}
        await story.ask("PUT", f"/users/{id_}", body)
    body = {"subject": "The red bike", "participants": ["ann", "bo"]}
    await story.ask("PUT", "/conversations/red-bike", body)
    path = "/conversations/red-bike/participants/cy"
    await story.ask("PUT", path, {"access": "Read", "notify": True})
    teller.says("An app with three users. Ann buys, Bo sells, Cy of the shop may only read along.")
    texts = ("Hi Bo, is the red bike still there?", "And could I try it on Saturday?")
    await story.say("ann", *texts)
    for text in texts:
        teller.quote(f"Ann: {text}")
    teller.good("two messages; nobody else has the page open")


async def _mail_goes_out(story: Story) -> None:
    teller = story.teller
    mail = story.mail = await story.mail_to(_BO)
    teller.quote("\n".join(f"{name}: {mail[name]}" for name in _SHOWN if mail[name]), "magenta")
    teller.quote("\n" + post.part(mail, "plain"))
    teller.says(f"To see its HTML, open {_kept(post.part(mail, 'html')).as_uri()}")
    teller.expect("Saturday" in post.part(mail, "plain"), "one mail for both messages")
    secret = post.address(mail["Reply-To"])
    teller.expect(secret.startswith("r+"), "the address in Reply-To is Bo's alone")


async def _reply_comes_back(story: Story) -> None:
    teller = story.teller
    story.reply = post.answer(story.mail, f"Bo Berg <{_BO}>", _WORDS)
    teller.quote(str(story.reply.get_content()))
    answer = await story.offer(_BO, post.address(story.mail["Reply-To"]), story.reply)
    teller.expect(answer.startswith("250 2.0.0"), "taken: it is on disk")
    last = (await story.messages())[-1]
    teller.says("The newest message of the conversation:")
    teller.quote(f"{last['senderId']}, by {last['origin']}: {last['text']}")
    arrived = (last["senderId"], last["origin"], last["text"]) == ("bo", "email", _WORDS)
    teller.expect(arrived, "what Bo wrote, and nothing of what he quoted")
    teller.expect(await story.mail_to("ann@example.com"), "and Ann, who has left, gets a mail too")


async def _refusals(story: Story) -> None:
    teller, count = story.teller, len(await story.messages())
    to_bo = post.address(story.mail["Reply-To"])
    teller.says("Somebody forges an address:")
    guessed = "r+" + "a" * 44 + "@" + to_bo.partition("@")[2]
    answer = await story.offer(_BO, guessed, story.reply)
    teller.expect(answer.startswith("550 5.1.1"), "refused: there is nobody")
    teller.says("Cy, who may only read, was told so in the mail, and answers all the same:")
    theirs = await story.mail_to(_CY)
    teller.expect(theirs["Reply-To"] is None, "Cy's mail has no reply address")
    found = await story.ask("GET", "/conversations/red-bike/participants/cy/email")
    mail = post.answer(theirs, f"Cy Cole <{_CY}>", "I have something to say, too.")
    answer = await story.offer(_CY, next(iter(found.values())), mail)
    teller.expect(answer.startswith("550 5.7.1"), "refused: Cy may not write here")
    teller.says("Bo's mail server was cut off and offers his reply again:")
    answer = await story.offer(_BO, to_bo, story.reply)
    teller.expect(answer.startswith("250"), "taken again")
    teller.expect(len(await story.messages()) == count, "but posted once; nothing else came in")


async def _stolen(story: Story) -> None:
    teller, count = story.teller, len(await story.messages())
    to_bo = post.address(story.mail["Reply-To"])
    teller.says("Mallory has got hold of Bo's address and writes to it:")
    stolen = post.answer(story.mail, "Mallory <mallory@example.net>", "Send me the money.")
    answer = await story.offer("mallory@example.net", to_bo, stolen)
    teller.expect(answer.startswith("250"), "taken, and Mallory learns nothing")
    teller.expect(len(await story.messages()) == count, "but not posted: it is held")
    question = await story.mail_to(_BO)
    teller.says("Bo, not Mallory, is asked by mail:")
    teller.quote(f"Subject: {question['Subject']}\n\n{post.part(question, 'plain')}")
    link = next(one for one in post.part(question, "plain").split() if one.endswith("do=not_me"))
    page = await story.api.get(link)
    teller.expect(page.is_success and "money" in page.text, "the link shows the reply")
    done = await story.api.post(link.partition("?")[0], data={"do": "not_me"})
    teller.quote(f"POST …/h/…: {done.status_code}, {_title(done.text)}", "magenta")
    answer = await story.offer("mallory@example.net", to_bo, stolen)
    teller.expect(answer.startswith("550 5.1.1"), "Bo says no, and the address is dead")


def _title(page: str) -> str:
    """Return the heading of a page."""
    return page.partition("<h1")[2].partition(">")[2].partition("<")[0]


async def _opt_out(story: Story) -> None:
    teller = story.teller
    link = str(story.mail["List-Unsubscribe"]).partition("<")[2].partition(">")[0]
    explain = "/conversations/red-bike/participants/bo/explain"
    before = await story.ask("GET", explain)
    page = await story.api.get(link)
    after = await story.ask("GET", explain)
    unchanged = (after["optedOut"], after["notifications"]) == ([], before["notifications"])
    teller.quote(f"GET {link}: {page.status_code}", "magenta")
    teller.expect(page.is_success and unchanged, "looking at the link changes nothing")
    post_body = {"List-Unsubscribe": "One-Click"}
    done = await story.api.post(link, data=post_body)  # RFC 8058, 3.1
    teller.quote(f"POST {link}: {done.status_code}", "magenta")
    teller.expect(done.is_success, "one click, and Bo has opted out")
    mails = story.mails_to(_BO)
    await story.say("ann", "Great, see you on Saturday!")
    teller.quote("Ann: Great, see you on Saturday!")
    latest = await _decided(story, explain, before)
    teller.says("rejoinder explain bo red-bike:")
    teller.quote(f"{latest['reason']}: {latest['explanation']}", "magenta")
    teller.expect(latest["reason"] == "opted_out", "no mail, and a reason that can be asked for")
    teller.expect(story.mails_to(_BO) == mails, "the relay was given none for Bo")


async def _decided(story: Story, path: str, before: Any) -> dict[str, Any]:
    """Wait until it is decided whether Bo is told of the newest message."""
    known = len(before["notifications"])
    async with asyncio.timeout(_PATIENCE):
        while True:
            decided = (await story.ask("GET", path))["notifications"]
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


CHAPTERS: tuple[tuple[str, Callable[[Story], Awaitable[None]]], ...] = (
    ("Ann writes to Bo, who is not there", _beginning),
    ("Two seconds later Bo has a mail", _mail_goes_out),
    ("Bo answers from his mail program", _reply_comes_back),
    ("What does not come in", _refusals),
    ("An address is stolen", _stolen),
    ("Bo has had enough mail", _opt_out),
)
