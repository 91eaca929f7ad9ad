"""Postfix in front: it hears the world, and passes the reply domain on to us."""

from tests.peers.letters import WORDS, a_reply, offer
from tests.peers.lines import flags, lines
from tests.peers.postfix import Postfix, postfix
from tests.peers.rounds import Found, Round
from tests.peers.served import DOMAIN, Served, served
from tests.support.certificates import Authority

PAGE = "behind-a-mail-server"
UNKNOWN = f"r+nobody-at-all@{DOMAIN}"
SENTENCE = "There is nobody at this address."


def our_side(found: Found, lmtp: str = "") -> list[str]:
    """Return the settings that the page tells, for a gateway in this round's folder."""
    Authority(found.folder).server("mx.example.org")
    pem = found.folder / "mx.example.org.pem"
    pem.chmod(0o644)
    socket = str(found.folder / "gateway" / "lmtp")
    told = lines(
        PAGE, "# rejoinder.toml\n", smtp_port="0", certificate=str(pem), key=str(pem),
        lmtp_socket=socket,
    )  # fmt: skip
    return flags(told.replace(f"unix:{socket}", lmtp) if lmtp else told)


def by_smtp(found: Found) -> None:
    """Play SMTP with STARTTLS."""
    with served(found.folder / "gateway", *our_side(found)) as gateway:
        main = lines(PAGE, "# main.cf, by SMTP", smtp_port=str(gateway.port("smtp")))
        master = lines(PAGE, "# master.cf, by SMTP")
        with postfix(found.folder / "postfix", main, master) as front:
            _a_reply_arrives(found, gateway, front)
            _tls_was_used(found, front)
            _a_wrong_address_is_refused(found, front)


def _a_reply_arrives(found: Found, gateway: Served, front: Postfix) -> None:
    to = gateway.address("bike", "bo")
    heard = offer(front.port, [to], a_reply([to]))
    found.holds("Postfix takes a reply", not heard.refused, heard)
    words = gateway.hears("bike")
    found.holds("it is posted without its quote", words == f"bo: {WORDS}", words)


def _tls_was_used(found: Found, front: Postfix) -> None:
    line = front.logs("TLS connection established to 127.0.0.1")
    found.holds("over TLS 1.3", "TLSv1.3" in line, line)


def _a_wrong_address_is_refused(found: Found, front: Postfix) -> None:
    told = offer(front.port, [UNKNOWN], a_reply([UNKNOWN])).told(UNKNOWN)
    right = told.startswith("550 5.1.1") and SENTENCE in told
    found.holds("a wrong address is refused at RCPT, in our words", right, told)


ROUNDS = (Round("Postfix", "in front, SMTP with STARTTLS", by_smtp),)
