"""Every way out: the worker that decides, renders and delivers."""
