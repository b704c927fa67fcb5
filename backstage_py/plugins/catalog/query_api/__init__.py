"""The catalog's HTTP API, in the shape of Backstage's."""
