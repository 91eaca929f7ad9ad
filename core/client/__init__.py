"""How does a command reach Rejoinder, and how does it tell what it was told?"""
