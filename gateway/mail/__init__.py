"""Pure reading: bytes to a Mail value."""
