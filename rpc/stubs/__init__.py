"""Generated from protos/ by `make stubs`; do not edit."""
