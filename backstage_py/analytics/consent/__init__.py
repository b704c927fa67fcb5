"""Whether a person is recorded: their choice, their browser's signals, the owner's rules."""
