"""The verbs: what happens. Each takes the session first and never opens a transaction."""
