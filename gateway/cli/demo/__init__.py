"""``rejoinder demo``: a mail goes out, the reply comes back, over real sockets, on one screen."""
