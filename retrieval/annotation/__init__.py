"""What is noted of articles as they come in: subjects, telling terms, tone and names."""
