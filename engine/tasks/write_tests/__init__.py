"""Write tests for functions: calls are proposed, the sandbox says what they give."""
