"""What can point at a defect, each in a module of its own."""
