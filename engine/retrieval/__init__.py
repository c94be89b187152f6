"""What else the model should see when it completes code."""
