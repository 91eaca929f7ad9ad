"""What did they write? The part of a mail that its author wrote just now."""
