"""A digest as a mail: headers, parts, signature, and the relay that takes it (RFC 5322, 5321)."""
