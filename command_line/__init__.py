"""The command line `limpet`: reads arguments, asks the engine through `rpc`, and draws answers."""
