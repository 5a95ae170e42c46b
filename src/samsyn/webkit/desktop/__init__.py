"""The desktop: panels that each person adds, removes and moves; both programs fill it."""
