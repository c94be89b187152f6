"""The commands of `limpet`, one module each with a function `run(arguments, output)`."""
