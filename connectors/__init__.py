"""Ways to the outside: HTTP, back offices, messaging. Imports nothing of the other packages."""
