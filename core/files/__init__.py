"""Where are the octets of files? A folder or a bucket, by one URL; the database has their names."""
