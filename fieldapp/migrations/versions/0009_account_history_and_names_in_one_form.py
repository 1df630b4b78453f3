"""What has happened to an account is told, and every name is kept in its one form (sync/names.py)."""

import unicodedata

import sqlalchemy as sa
from alembic import op

from sync import names

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAMED = {"client": ("name", "alias"), "staff": ("name",), "team": ("name",), "device": ("name", "platform")}
STAFF = sa.table("staff", sa.column("id", sa.Uuid()), sa.column("username", sa.String()))


def upgrade() -> None:
    op.create_table(
        "account_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("by_staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_account_event_by_staff_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_account_event_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
    )
    with op.batch_alter_table("account_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_event_staff_id"), ["staff_id"], unique=False)

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_news_at", sa.DateTime(timezone=True), nullable=True))

    for table, columns in NAMED.items():
        for column in columns:
            clean_names(op.get_bind(), table, column)
    clean_usernames(op.get_bind())


def clean_names(connection: sa.Connection, table: str, column: str) -> None:
    """A name of which nothing can be seen stays as it is: somebody has to say what it should be."""
    rows = sa.table(table, sa.column("id", sa.Uuid()), sa.column(column, sa.String()))
    text = rows.c[column]
    for row in connection.execute(sa.select(rows.c.id, text.label("text")).where(text.is_not(None))).all():
        cleaned = names.clean(row.text)
        if cleaned and cleaned != row.text:
            connection.execute(sa.update(rows).where(rows.c.id == row.id).values({column: cleaned}))


def clean_usernames(connection: sa.Connection) -> None:
    """As accounts.as_username says. Where two were the same to the eye, the later one gets a number."""
    rows = [(row, one_form(row.username)) for row in connection.execute(sa.select(STAFF).order_by(STAFF.c.id)).all()]
    taken = {row.username for row, _ in rows}
    for row, wanted in rows:
        username, number = wanted, 2
        while username in taken - {row.username}:
            username, number = f"{wanted}-{number}", number + 1
        taken = taken - {row.username} | {username}
        if username != row.username:
            connection.execute(sa.update(STAFF).where(STAFF.c.id == row.id).values(username=username))


def one_form(username: str) -> str:
    plain = unicodedata.normalize("NFKC", names.clean(username) or username)
    return unicodedata.normalize("NFKC", plain.casefold())


def downgrade() -> None:
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_column("account_news_at")

    with op.batch_alter_table("account_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_event_staff_id"))

    op.drop_table("account_event")
