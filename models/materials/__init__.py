"""Materials: documents and data sheets by product, and sending them (rules 5.7)."""
