"""Orders, contracts and invoices: what follows an accepted quote."""
