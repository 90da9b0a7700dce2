"""What comes back: received into raw/ once, then read as text, whatever kind of file it was."""
