"""What one poll brings about, from missing slices to news, freezes and requests."""
