"""How much is taken in at once: connections, memory and descriptors, over all ways in together."""
