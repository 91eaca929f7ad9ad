"""Media types whose name tells what their parts are: what wraps a mail, and data that is text.

The names are IANA's, and those that programs wrote before IANA had them.
"""

REACTION = "text/vnd.google.email-reaction+json"
WRAPPINGS = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-encrypted",
        "application/applefile",
        "application/smil",  # how a multimedia message is to be shown
        # The same words once more, for one program alone.
        "text/x-amp-html",
        "text/watch-html",
        REACTION,
    }
)
FILES = frozenset(
    {
        "text/calendar",
        "text/x-vcalendar",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/csv",
        "text/comma-separated-values",
        "text/tab-separated-values",
        "text/css",
        "text/javascript",
        "text/ecmascript",
        "text/rtf",
        "text/xml",
    }
)
