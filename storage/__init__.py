"""What Tidings remembers: values, errors and stores. The leaf of the house: it imports none of the other packages."""
