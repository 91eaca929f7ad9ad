"""One room a channel: how a digest reaches its reader, written and offered. None knows another."""
