"""The commands of this room, by noun."""

import typer

from core.client.command import command
from gateway.cli.app import app
from gateway.cli.conversation import conversation
from gateway.cli.explain import explain
from gateway.cli.init import init
from gateway.cli.key import key
from gateway.cli.link import link
from gateway.cli.mail_preview import mail
from gateway.cli.message import message
from gateway.cli.receipt import receipt
from gateway.cli.role import role
from gateway.cli.suppression import suppression
from gateway.cli.user import user
from gateway.cli.webhook import webhook


def add_to(group: typer.Typer) -> None:
    """Add this room's commands to the door's."""
    group.command("init")(init)
    command(group, "explain")(explain)
    group.add_typer(mail, name="mail")
    group.add_typer(app, name="app")
    group.add_typer(key, name="key")
    group.add_typer(role, name="role")
    group.add_typer(link, name="link")
    group.add_typer(user, name="user")
    group.add_typer(conversation, name="conversation")
    group.add_typer(message, name="message")
    group.add_typer(webhook, name="webhook")
    group.add_typer(receipt, name="receipt")
    group.add_typer(suppression, name="suppression")
