"""Actions at GitHub, GitLab, Bitbucket Cloud and Azure DevOps, and at the portal's own API."""
