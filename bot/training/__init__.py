"""`tidings train`: what an instance has, handed to the training that knows no instance."""
