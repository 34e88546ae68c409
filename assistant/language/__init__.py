"""Languages of residents: which one a message is in, the words of every outcome, and number formats."""
