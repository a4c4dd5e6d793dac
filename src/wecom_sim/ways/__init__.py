"""Contact ways (「联系我」): permanent QR codes to members."""
