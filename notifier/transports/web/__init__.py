"""What a webhook call is made of: how far it reaches, how it is signed."""
