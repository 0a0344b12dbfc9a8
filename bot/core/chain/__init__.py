"""The chain (承诺账): what was promised and done, hashed so that nobody can change it unseen."""
