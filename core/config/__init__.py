"""The knobs: one frozen section per room, each setting with its default and a sentence."""

DEFAULT_FILE = "rejoinder.toml"
