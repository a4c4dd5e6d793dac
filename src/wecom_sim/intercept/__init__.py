"""Sensitive words: rules that stop or report what members write."""
