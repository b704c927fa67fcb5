"""The expressions of templates, `${{ ... }}`: Nunjucks as Backstage has it, rendered by Jinja."""
