"""The graph of entities' relations: a page, and a card on entity pages."""
