"""How a mail is handed to the relay: the client side of SMTP (RFC 5321), over aiosmtplib."""
