"""Every way in: SMTP, HTTP and the command line."""
