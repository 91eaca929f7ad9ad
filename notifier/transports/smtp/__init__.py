"""What a relay's line is made of: envelope, wire, session."""
