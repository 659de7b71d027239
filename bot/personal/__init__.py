"""What is known of readers, brought together with the encoder that searches use: the adapters behind the flows."""
