"""The graph of how entities relate: a page, and a card on entity pages."""
