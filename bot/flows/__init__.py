"""One module per arrow of the picture. Knows no framework: only its ports, the domain and the errors."""
