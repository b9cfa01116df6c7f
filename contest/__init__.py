"""The service that carries a "Dân vận khéo" year from the call for entries to the awards."""
