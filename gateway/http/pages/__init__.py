"""The pages people open from a mail."""
