"""What gives entities without a descriptor: organizations at services, and lists of people."""
