"""Programs that run in the sandbox; copies of them go there, so they stand on Python alone."""
