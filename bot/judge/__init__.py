"""What the counts mean: ledger arithmetic, burn rates, verdicts. Pure."""
