"""Providers of entities without descriptors: organizations at services, lists of people."""
