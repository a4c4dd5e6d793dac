"""The insight engine's figures over a synthetic brand: see bench/README.md."""
