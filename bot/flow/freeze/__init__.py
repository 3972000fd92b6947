"""Freezes over their life: scheduled, told, edited, disputed, thawed."""
