"""How the frames of an unknown battery are cut, encoded and sorted into kinds."""
