"""How far our contracts are from what the vendors publish, and one version from another."""
