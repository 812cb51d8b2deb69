"""The domain and its storage; imports nothing here so that a first board stays cheap."""
