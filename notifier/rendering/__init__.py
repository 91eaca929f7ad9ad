"""Pure rendering: a burst to a digest to the bytes of a mail."""
