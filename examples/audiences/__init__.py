"""A small application over Criteo's API: contact lists uploaded, old segments cleaned away, realtime figures polled."""
