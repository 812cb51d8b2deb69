"""Activities: what was done with customers, what comes next, and the points it scores."""
