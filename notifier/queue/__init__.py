"""The rows that are due: claimed under a lease, worked on so many at once, woken by a nudge."""
