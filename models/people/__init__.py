"""Users, roles, teams and permissions."""
