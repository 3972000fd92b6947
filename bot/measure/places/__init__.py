"""Where observations lie: warehouses, the results of monitoring tools, registries."""
