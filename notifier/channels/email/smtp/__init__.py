"""How a mail is handed to the relay (RFC 5321), over aiosmtplib's connections."""
