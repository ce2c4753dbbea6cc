"""Results drawn as tables, live displays and JSON. Computes nothing that it shows."""
