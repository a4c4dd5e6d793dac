"""Moments (客户朋友圈): made by API or by members, published when a member confirms."""
