"""What is true in both directions: nouns, rules, verbs and the store."""

__version__ = "0.1.0"
