"""Needs: what a person may need, without who they are, and which places fit."""
