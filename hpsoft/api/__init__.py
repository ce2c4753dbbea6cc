"""How does Python call it? What `import hpsoft` offers, with values where options have text."""
