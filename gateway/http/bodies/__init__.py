"""What callers may write, as plain models at the edge: one file a resource."""
