"""Users: who may sign in, with which rights, and linked to which employee."""
