"""Storage: tables, queries and migrations. SQLAlchemy lives here and nowhere else."""
