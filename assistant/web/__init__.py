"""The doors on HTTP. FastAPI, pydantic and Request live here and nowhere else."""
