"""What becomes of a mail, by the kind of address it came to."""
