"""Whose mail is it? SPF, DKIM, DMARC and ARC, or what a trusted front says of them.

``check`` is the one call. What is decided is a table (``policy``); what is known stands in
``results``; names are looked up by a resolver that comes in as an argument.
"""
