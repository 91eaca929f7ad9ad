"""How does SQL run? Two databases, their transactions, and what a statement costs."""
