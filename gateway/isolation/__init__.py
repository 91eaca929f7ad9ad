"""Mail is read where it can do no harm: beside the loop, noted while it is read, or in a child."""
