"""The HTTP door: the TalkJS-compatible API, our own, and the pages people see."""
