"""Documents: bytes in, bytes out. Reads uploaded works, cleans them, typesets PDF and Word; no database, no request."""
