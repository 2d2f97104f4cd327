"""How fast bmsreader is, beside something else in the same run: ratios travel between machines, seconds do not."""
