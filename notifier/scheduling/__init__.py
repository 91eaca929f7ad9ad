"""Pure scheduling of what goes out."""
