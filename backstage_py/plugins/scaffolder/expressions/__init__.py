"""The expressions of templates, `${{ ... }}`, evaluated by Backstage's own engine."""
