"""What is allowed and when: pure functions over values."""
