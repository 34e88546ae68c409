"""What a resident's message means: which fact of a procedure, small talk, a wish for a person, a personal case."""
