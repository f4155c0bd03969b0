"""The benchmark: what is asked, of whom, how it is timed and how it is judged."""
