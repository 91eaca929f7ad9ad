"""SMTP and LMTP in: listeners, the session with its limits, the handler."""
