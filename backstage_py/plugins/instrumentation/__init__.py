"""The app's declared captures, compared with the received events."""
