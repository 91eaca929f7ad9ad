"""Is a text an OpenPGP message (RFC 9580, 6.2), and what does a signed one say?

No key is used and no signature checked. A text that only quotes such a message is a text.
"""

_ENCRYPTED = ("-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----")
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"


def is_encrypted(text: str) -> bool:
    """Tell whether a text begins with an encrypted message: nobody can read what it says."""
    head = text[:2_000].lstrip()
    return head.startswith(_ENCRYPTED[0]) and _ENCRYPTED[1] in text


def signed_text(text: str) -> str | None:
    """Return what a signed text says, without its armour; None if it is no signed text."""
    head, begin, rest = text.partition(_SIGNED + "\n")
    if not begin or head.strip() or _SIGNATURE not in rest:
        return None
    _, _, body = rest.partition("\n\n")  # after the hash headers (RFC 9580, 7)
    said, _, armour = body.partition("\n" + _SIGNATURE)
    lines = [line.removeprefix("- ") for line in said.split("\n")]  # dash-escaped (7.1)
    after = armour.partition(_END)[2]
    return "\n".join(lines) + "\n" + after
