"""Who deals with an event, and what is said and changed in answer to it: a module a subject."""
