"""Code hosts and registries, spoken to over their REST APIs."""
