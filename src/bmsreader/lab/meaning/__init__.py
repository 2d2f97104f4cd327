"""What the bytes of one kind of answer mean, with evidence in bits."""
