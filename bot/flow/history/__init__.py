"""The history on its way out: proven, anchored, exported, reported, pruned."""
