"""What would a filter or a reader hold against a mail? Rules that need no service, each pure."""
