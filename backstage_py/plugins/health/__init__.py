"""Whether events arrive: in the store, and at each backend."""
