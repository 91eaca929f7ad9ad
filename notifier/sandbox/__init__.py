"""An app's own theme for its mails: filled in where it can do no harm, and put into our frame."""
