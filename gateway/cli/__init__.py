"""The human door: one file a noun."""
