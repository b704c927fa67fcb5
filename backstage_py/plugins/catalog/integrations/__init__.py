"""The services that hold repositories: GitHub, GitLab, Bitbucket Cloud and Azure DevOps."""
