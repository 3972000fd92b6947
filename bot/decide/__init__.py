"""What follows from a verdict and who may decide it: policy, freezes, approvals. Pure."""
