"""The way in for people: one file a noun."""
