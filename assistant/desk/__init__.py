"""The desk: tickets for staff, opening hours and promises, who may do what, notices to staff."""
