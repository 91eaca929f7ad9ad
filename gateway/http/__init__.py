"""The way in by HTTP: the TalkJS-compatible API, our own, and the pages people see."""
