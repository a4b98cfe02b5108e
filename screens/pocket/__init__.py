"""The pocket page: the participant's questions as plain HTML, quick on any phone, without a script."""
