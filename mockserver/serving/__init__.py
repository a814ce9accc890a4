"""The local server as people leave it running: its settings, who may command it, what it tells of itself."""
