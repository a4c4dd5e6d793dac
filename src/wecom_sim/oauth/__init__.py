"""Signing in through the client or a QR code, and the tickets of the JS-SDK."""
