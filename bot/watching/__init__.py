"""What an operator watches in numbers: what is counted, where it is counted, and how Prometheus is told."""
