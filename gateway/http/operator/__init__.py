"""What only the operator may ask for: one router a resource, on the admin socket alone."""
