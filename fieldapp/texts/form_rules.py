"""What a field of a form takes beyond its type: what lies between two fields, or asks who and what else there is.

By entry type and field. What the contract's types say themselves is told by routes/_form_reasons.py.
"""

from fieldapp.texts.catalogues import N_

FORM_RULES = {
    ("client_team_set", "to_on"): N_("Kan ikke være før den første dagen."),
    ("duty_set", "to_at"): N_("Slutten må være etter starten."),
    ("duty_set", "staff_id"): N_("Velg en som arbeider i teamet og følger opp brukere."),
    ("duty_handed_over", "to_staff_id"): N_("Velg en kollega i teamet som tar vakter."),
    ("duty_handed_over", "in_return_for"): N_("Velg en av kollegaens vakter, eller ingen."),
    ("team_hours_set", "to_team_id"): N_("Velg et annet team som tar over."),
    ("team_hours_set", "hours"): N_("Et tidsrom må ha lengde: slutten må være etter starten."),
    ("alert_resolved", "seen_at"): N_("Skriv når personen var sett."),
    ("alert_handed_over", "to_staff_id"): N_("Velg en kollega som ser varselet og kan ta det."),
    ("client_registered", "primary_staff_id"): N_("Velg en som arbeider i teamet."),
    ("client_updated", "primary_staff_id"): N_("Velg en som arbeider i et team som følger brukeren."),
    ("follow_up_ended", "on"): N_("Kan ikke være fram i tid."),
}
