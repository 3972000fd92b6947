"""Tables, the ledger store, the decision history and the outbox, on SQLite or Postgres."""
