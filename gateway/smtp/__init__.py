"""The SMTP door: listeners, the session with its limits, the handler."""
