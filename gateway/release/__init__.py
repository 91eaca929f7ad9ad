"""Mails that were kept and not posted: read again, posted after all, or let go."""
