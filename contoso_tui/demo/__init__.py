"""Made-up source files and staff for demo databases and benchmarks; standard library only."""
