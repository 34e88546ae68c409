"""Services: what is done through a back office, from the resident's first word to the receipt."""
