"""Callbacks: taken in durably, handled once each, in order per object."""
