"""What the attacks are made of: a server, and one file for each kind of attack."""
