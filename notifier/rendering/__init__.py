"""The view of a burst, whatever the channel: who, what and when, in the reader's language. Pure."""
