// Included by others.
