"""The HTTP API of the software templates, in the shape of Backstage's."""
