"""One release through the freezes that stop it: asked for, granted, used, reviewed."""
