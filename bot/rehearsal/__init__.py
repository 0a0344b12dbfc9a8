"""A year of a park's life on a simulated clock, so that an office can try its rules before it goes
live: invented people, the real handlers and jobs, a database that is thrown away."""
