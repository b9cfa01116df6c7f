"""Front page and overview: views only, may read every room."""
