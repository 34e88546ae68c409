"""The programs that make synthetic municipal speech and train the small test recogniser on it."""
