"""Postfix in front: it hears the world, and passes the reply domain on to us."""

import sys

from tests.peers.awaiting import until
from tests.peers.letters import WORDS, a_reply, offer
from tests.peers.lines import flags, lines
from tests.peers.mailbox import Mailbox
from tests.peers.postfix import flush, postfix
from tests.peers.processes import free_port
from tests.peers.rounds import Found, Round
from tests.peers.served import DOMAIN, ROOT, USER, Served, running, served
from tests.support.certificates import Authority

PAGE = "behind-a-mail-server"
UNKNOWN = f"r+nobody-at-all@{DOMAIN}"
SENTENCE = "There is nobody at this address."
_SAYS = """
smtpd_data_restrictions = check_client_access static:{{
    PREPEND Authentication-Results: mail.example.org; dmarc={result} header.from=example.net }}
"""
_DOES_NOT_ASK = "smtpd_recipient_restrictions =\n"


def our_side(found: Found, lmtp: str = "") -> list[str]:
    """Return the settings that the page tells, for a gateway in this round's folder."""
    Authority(found.folder).server("mx.example.org")
    pem = found.folder / "mx.example.org.pem"
    pem.chmod(0o644)
    place = lmtp or f"unix:{found.folder}/gateway/lmtp"
    told = lines(
        PAGE, "# rejoinder.toml\n", smtp_port="0", certificate=str(pem), key=str(pem),
        lmtp_place=place,
    )  # fmt: skip
    return flags(told)


def by_smtp(found: Found) -> None:
    """SMTP with STARTTLS: what Postfix takes arrives, and a wrong address it does not take."""
    with served(found.folder / "gateway", *our_side(found)) as gateway:
        main = lines(PAGE, "# main.cf, by SMTP", smtp_port=str(gateway.port("smtp")))
        master = lines(PAGE, "# master.cf, by SMTP")
        with postfix(found.folder / "postfix", main, master) as front:
            a_reply_arrives(found, gateway, front.port)
            line = front.logs("TLS connection established to 127.0.0.1")
            found.holds("over TLS 1.3", "TLSv1.3" in line, line)
            a_wrong_address_is_refused(found, front.port)
            _two_tokens_both_arrive(found, gateway, front)


def by_lmtp(found: Found, ours: str = "", theirs: str = "") -> None:
    """LMTP: several recipients of one mail, each with an answer of its own."""
    with served(found.folder / "gateway", *our_side(found, ours)) as gateway:
        place = theirs or f"unix:{found.folder}/gateway/lmtp"
        if theirs:
            place += str(gateway.port("lmtp"))
        main = lines(PAGE, "# main.cf, by LMTP", lmtp_place=place)
        master = lines(PAGE, "# master.cf, by LMTP")
        with postfix(found.folder / "asking", main, master) as front:
            a_reply_arrives(found, gateway, front.port)
            a_wrong_address_is_refused(found, front.port)
        with postfix(found.folder / "trusting", main + _DOES_NOT_ASK, master) as front:
            _each_gets_its_answer(found, gateway, front)


def by_lmtp_port(found: Found) -> None:
    """LMTP over a port."""
    by_lmtp(found, "127.0.0.1:0", "inet:127.0.0.1:")


def by_pipe(found: Found) -> None:
    """``rejoinder mail receive``, which Postfix's pipe(8) runs for each recipient."""
    with served(found.folder / "gateway") as gateway:
        master = lines(
            "handing-in", "rejoinder unix", user=f"user={USER}", config=gateway.config,
            folder=str(gateway.folder), program=f"{sys.executable} {ROOT / 'rejoinder.py'}",
        )  # fmt: skip
        with postfix(
            found.folder / "postfix", lines(PAGE, "# main.cf, by a pipe"), master
        ) as front:
            a_reply_arrives(found, gateway, front.port)
            _each_gets_its_answer(found, gateway, front)


def checking(found: Found) -> None:
    """Believe what the front says of the sender: a pass is posted, a fail is held."""
    trust = flags(lines(PAGE, "# rejoinder.toml, a front that checks"))
    with served(found.folder / "gateway", *our_side(found), *trust) as gateway:
        main = lines(PAGE, "# main.cf, by SMTP", smtp_port=str(gateway.port("smtp")))
        master = lines(PAGE, "# master.cf, by SMTP")
        with postfix(found.folder / "pass", main + _SAYS.format(result="pass"), master) as front:
            a_reply_arrives(found, gateway, front.port)
        with postfix(found.folder / "fail", main + _SAYS.format(result="fail"), master) as front:
            to = gateway.address("boat", "bo")
            offer(front.port, [to], a_reply([to]))
            newest = until(lambda: gateway.receipts()[:-1], "a second mail is taken")[0]
            found.holds(
                "what the front says is forged is held", newest["verdict"] == "hold", newest
            )
            found.holds("and not posted", not gateway.said("boat"))


def its_queue(found: Found) -> None:
    """Let the gateway be away: Postfix keeps the mail, and it arrives when we are back."""
    words = our_side(found)
    port = free_port()
    main = lines(PAGE, "# main.cf, by SMTP", smtp_port=str(port))
    master = lines(PAGE, "# master.cf, by SMTP")
    fixed = ["--set", f"smtp.port={port}"]
    with postfix(found.folder / "postfix", main + _DOES_NOT_ASK, master) as front:
        with served(found.folder / "gateway", *words, *fixed) as gateway:
            to = gateway.address("bike", "bo")
        heard = offer(front.port, [to], a_reply([to]))
        line = front.logs(f"to=<{to}>")
        kept = not heard.refused and "status=deferred" in line
        found.holds("while we are away, Postfix keeps the mail", kept, line)
        with running(gateway, *words, *fixed):
            flush(front)
            words_said = gateway.hears("bike")
            found.holds("and it arrives when we are back", words_said == f"bo: {WORDS}", words_said)


def a_reply_arrives(found: Found, gateway: Served, port: int) -> None:
    """Offer a reply of Bo's to the server in front, and look for his words, and no others."""
    to = gateway.address("bike", "bo")
    heard = offer(port, [to], a_reply([to]))
    found.holds("a reply is taken", not heard.refused, heard)
    words = gateway.hears("bike")
    found.holds("and posted without its quote", words == f"bo: {WORDS}", words)


def a_wrong_address_is_refused(found: Found, port: int) -> None:
    """Offer a mail to nobody: the server in front says so, while the sender listens."""
    told = offer(port, [UNKNOWN], a_reply([UNKNOWN])).told(UNKNOWN)
    right = told.startswith("550") and f"5.1.1 {SENTENCE}" in told
    found.holds("a wrong address is refused at RCPT, in our words", right, told)


def _two_tokens_both_arrive(found: Found, gateway: Served, front: Mailbox) -> None:
    to = [gateway.address("boat", "bo"), gateway.address("bike", "bo")]
    before = len(gateway.said("bike"))
    offer(front.port, to, a_reply(to))
    gateway.hears("boat")
    gateway.hears("bike", before)
    waits = "status=deferred" in front.log()
    found.holds("one mail to two conversations is posted in both, at once", not waits, front.log())


def _each_gets_its_answer(found: Found, gateway: Served, front: Mailbox) -> None:
    """Offer one mail to two of Bo's addresses and to nobody."""
    ours = [gateway.address("boat", "bo"), gateway.address("bike", "bo")]
    before = len(gateway.said("bike"))
    heard = offer(front.port, [*ours, UNKNOWN], a_reply([*ours, UNKNOWN]))
    found.holds("unasked, Postfix takes a mail to two of ours and to nobody", not heard.refused)
    gateway.hears("boat")
    gateway.hears("bike", before)
    sent = [one for one in front.log().splitlines() if "status=sent" in one and "relay=" in one]
    found.holds("it is posted in both conversations", len(gateway.said("boat")) == 1, sent)
    line = front.logs(f"to=<{UNKNOWN}>")
    found.holds("nobody's is bounced", "status=bounced" in line and "dsn=5.1.1" in line, line)
    bounce = front.bounce("bo")
    found.holds("and Bo reads our sentence in the bounce", SENTENCE in bounce, bounce)


ROUNDS = (
    Round("Postfix", "in front, SMTP with STARTTLS", by_smtp),
    Round("Postfix", "in front, checks who sends", checking),
    Round("Postfix", "in front, we are away", its_queue),
    Round("Postfix", "in front, LMTP, a unix socket", by_lmtp),
    Round("Postfix", "in front, LMTP, a TCP port", by_lmtp_port),
    Round("Postfix", "in front, a pipe", by_pipe),
)
