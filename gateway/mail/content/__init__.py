"""What is in a mail besides text and HTML? Envelopes to open, secrets to refuse, files to keep."""
