"""The use cases: measure, judge, decide, record, tell. Each sees ports only."""
