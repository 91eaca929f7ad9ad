"""The settings of what is kept outside the database: files."""

from pydantic import Field

from core.config.section import Count, Section


class FileSettings(Section):
    """Where the files of messages are kept, and how long a link to one works."""

    url: str | None = Field(
        None,
        repr=False,
        examples=["s3://bucket/prefix", "file:///var/lib/rejoinder/files"],
        description="A folder (`file:///path`) or a bucket (`s3://`, `gs://`, `az://`). "
        "Credentials and endpoints come from the provider's own environment variables "
        "(`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL` and so on). Unset: the folder "
        "`rejoinder.db.files` beside an embedded database, or `rejoinder.files` where the process "
        "was started. Several processes need one place they share.",
    )
    link_days: Count = Field(
        30, description="How many days a link to a file works, from the mail that carries it."
    )
