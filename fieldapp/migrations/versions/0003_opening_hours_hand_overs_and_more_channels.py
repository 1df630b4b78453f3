"""Opening hours, hand-overs, visits, more channels, and what phones say of themselves."""

import datetime as dt

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

ABSENCE = sa.table(
    "absence",
    sa.column("id", sa.Uuid()),
    sa.column("kind", sa.String()),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("started_at", "expected_end_at", "ended_at", "ask_at")),
)
ALERT = sa.table(
    "alert", sa.column("kind", sa.String()), sa.column("case_id", sa.Uuid()), sa.column("subject_id", sa.Uuid())
)
DELIVERY = sa.table("delivery", sa.column("subscription_id", sa.Uuid()))
SECRET_KEY = sa.table("secret_key", sa.column("replaced_at", sa.DateTime(timezone=True)))
ASKED_ABOUT = ("admitted", "treatment", "detox", "prison", "travel", "with_others")


def upgrade() -> None:
    op.create_table(
        "closing_notice",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_closing_notice_team_id")),
        sa.PrimaryKeyConstraint("team_id", "closes_at", name=op.f("pk_closing_notice")),
    )
    op.create_table(
        "duty_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("from_staff_id", sa.Uuid(), nullable=False),
        sa.Column("to_staff_id", sa.Uuid(), nullable=False),
        sa.Column("in_return_for", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["from_staff_id"], ["staff.id"], name=op.f("fk_duty_offer_from_staff_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_duty_offer_team_id")),
        sa.ForeignKeyConstraint(["to_staff_id"], ["staff.id"], name=op.f("fk_duty_offer_to_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_offer")),
    )
    with op.batch_alter_table("duty_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_offer_duty_id"), ["duty_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_offer_team_id"), ["team_id"], unique=False)

    op.create_table(
        "team_hours",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("hours", JSON, nullable=False),
        sa.Column("shifts", JSON, nullable=False),
        sa.Column("closed_days", JSON, nullable=False),
        sa.Column("when_closed", sa.String(length=40), nullable=False),
        sa.Column("to_team_id", sa.Uuid(), nullable=True),
        sa.Column("set_by_entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_hours_team_id")),
        sa.ForeignKeyConstraint(["to_team_id"], ["team.id"], name=op.f("fk_team_hours_to_team_id")),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_team_hours")),
    )
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("from_team_id", sa.Uuid(), nullable=False),
        sa.Column("to_team_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_hand_over_asked_by")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_hand_over_client_id")),
        sa.ForeignKeyConstraint(["from_team_id"], ["team.id"], name=op.f("fk_hand_over_from_team_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_hand_over_taken_by")),
        sa.ForeignKeyConstraint(["to_team_id"], ["team.id"], name=op.f("fk_hand_over_to_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_over_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hand_over_from_team_id_until_at"), ["from_team_id", "until_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_hand_over_to_team_id_until_at"), ["to_team_id", "until_at"], unique=False)

    op.create_table(
        "staff_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("with_staff", JSON, nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_staff_visit_client_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_visit_staff_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_staff_visit_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_visit")),
    )
    with op.batch_alter_table("staff_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_visit_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_staff_visit_running",
            ["expected_end_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_staff_visit_team_id"), ["team_id"], unique=False)

    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_absence_ask_at", ["ask_at"], unique=False, postgresql_where=sa.text("ask_at IS NOT NULL")
        )

    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waits_until_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("case_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("staff_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_alert_staff_id"), "staff", ["staff_id"], ["id"])

    with op.batch_alter_table("client_case", schema=None) as batch_op:
        batch_op.create_index(
            "ix_client_case_deadline_on",
            ["deadline_on"],
            unique=False,
            postgresql_where=sa.text("deadline_on IS NOT NULL"),
        )

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("carried_by", sa.Text(), nullable=True))
        batch_op.alter_column("subscription_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_index(
            "ix_delivery_carried_by", ["carried_by"], unique=False, postgresql_where=sa.text("carried_by IS NOT NULL")
        )

    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("permission", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("installed", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("persistent", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("told_of_itself_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("secret_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_secret_key_purpose"), type_="unique")
        batch_op.create_index(
            "uq_secret_key_current",
            ["purpose"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.Text(), nullable=True))

    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handed_to_team_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("handed_from_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("handed_until_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(ALERT.update().where(ALERT.c.kind == "crisis").values(case_id=ALERT.c.subject_id))
    ask_about_absences()


def ask_about_absences() -> None:
    """As domain/absence.py says: at the expected end, else seven days after the start."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(ABSENCE).where(ABSENCE.c.ended_at.is_(None))).all():
        ask_at = row.expected_end_at
        if ask_at is None and row.kind in ASKED_ABOUT:
            ask_at = row.started_at + dt.timedelta(days=7)
        connection.execute(sa.update(ABSENCE).where(ABSENCE.c.id == row.id).values(ask_at=ask_at))


def downgrade() -> None:
    # What the step before knows nothing of: messages that were no pushes, and keys that had been replaced.
    op.execute(DELIVERY.delete().where(DELIVERY.c.subscription_id.is_(None)))
    op.execute(SECRET_KEY.delete().where(SECRET_KEY.c.replaced_at.is_not(None)))
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.drop_column("handed_until_at")
        batch_op.drop_column("handed_from_at")
        batch_op.drop_column("handed_to_team_id")

    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_column("checked_at")

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_column("email")

    with op.batch_alter_table("secret_key", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_secret_key_current",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.create_unique_constraint(batch_op.f("uq_secret_key_purpose"), ["purpose"])
        batch_op.drop_column("replaced_at")

    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_column("told_of_itself_at")
        batch_op.drop_column("persistent")
        batch_op.drop_column("installed")
        batch_op.drop_column("permission")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_carried_by", postgresql_where=sa.text("carried_by IS NOT NULL"))
        batch_op.alter_column("subscription_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("carried_by")
        batch_op.drop_column("address")

    with op.batch_alter_table("client_case", schema=None) as batch_op:
        batch_op.drop_index("ix_client_case_deadline_on", postgresql_where=sa.text("deadline_on IS NOT NULL"))

    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_alert_staff_id"), type_="foreignkey")
        batch_op.drop_column("staff_id")
        batch_op.drop_column("case_id")
        batch_op.drop_column("waits_until_at")

    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("ix_absence_ask_at", postgresql_where=sa.text("ask_at IS NOT NULL"))
        batch_op.drop_column("ask_at")

    with op.batch_alter_table("staff_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_visit_team_id"))
        batch_op.drop_index(
            "ix_staff_visit_running",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_staff_visit_client_id"))

    op.drop_table("staff_visit")
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hand_over_to_team_id_until_at"))
        batch_op.drop_index(batch_op.f("ix_hand_over_from_team_id_until_at"))
        batch_op.drop_index(batch_op.f("ix_hand_over_client_id"))

    op.drop_table("hand_over")
    op.drop_table("team_hours")
    with op.batch_alter_table("duty_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_offer_team_id"))
        batch_op.drop_index(batch_op.f("ix_duty_offer_duty_id"))

    op.drop_table("duty_offer")
    op.drop_table("closing_notice")
