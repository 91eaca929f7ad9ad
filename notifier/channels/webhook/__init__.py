"""An event as an HTTP request: signed, and kept out of networks that are none of its business."""
