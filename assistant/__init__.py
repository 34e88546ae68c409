"""Madoguchi's hall: takes a resident's turn in and gives a decision out."""
