"""The last hop: one async method, send(parcel) -> Outcome."""
