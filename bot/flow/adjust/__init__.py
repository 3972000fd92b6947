"""Time taken out of budgets, and put back."""
