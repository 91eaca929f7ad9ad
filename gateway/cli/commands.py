"""The commands of this room, by noun."""

import typer

from core.client.command import command
from gateway.cli.app import app
from gateway.cli.conversation import conversation
from gateway.cli.explain import explain
from gateway.cli.init import init
from gateway.cli.key import key
from gateway.cli.message import message
from gateway.cli.pipe import mail
from gateway.cli.receipt import receipt
from gateway.cli.role import role
from gateway.cli.user import user
from gateway.cli.webhook import webhook


def hang(board: typer.Typer) -> None:
    """Hang this room's commands on the door's board."""
    board.command("init")(init)
    command(board, "explain")(explain)
    board.add_typer(mail, name="mail")
    board.add_typer(app, name="app")
    board.add_typer(key, name="key")
    board.add_typer(role, name="role")
    board.add_typer(user, name="user")
    board.add_typer(conversation, name="conversation")
    board.add_typer(message, name="message")
    board.add_typer(webhook, name="webhook")
    board.add_typer(receipt, name="receipt")
