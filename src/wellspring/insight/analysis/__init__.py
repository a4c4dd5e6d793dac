"""Analyses of groups of customers: retention, repurchase, funnel, RFM, quadrant, lifecycle, distribution, overlap."""
