"""The nouns: one table a file. Rows carry data only."""
