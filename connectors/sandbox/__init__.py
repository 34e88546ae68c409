"""Stand-ins to run against: small servers that behave as the real peers do, and misbehave when told to."""
