"""The words for what stands until a newer entry or an ending: risk, plans, people around, agreements, housing,
decisions, tasks, planned visits, meetings; and what these entries are called."""

from fieldapp.texts.catalogues import N_

PLANS = {
    "risk_advice": {
        "two_together": N_("Vær to sammen"),
        "not_inside_alone": N_("Ikke gå inn alene"),
        "phone_first": N_("Ring først"),
        "meet_outside": N_("Møt ute"),
        "dog": N_("Hund"),
        "sharps": N_("Spisse gjenstander"),
        "gloves_mask": N_("Hansker og munnbind"),
        "other": N_("Annet"),
    },
    "risk_outcome": {
        "kept": N_("Gjelder fortsatt"),
        "changed": N_("Endret"),
        "ended": N_("Gjelder ikke lenger"),
    },
    "plan_kind": {
        "crisis": N_("Kriseplan"),
        "individual": N_("Individuell plan"),
        "goals": N_("Egne mål"),
        "rhythm": N_("Døgnet og det jeg liker"),
    },
    "plan_shared_with": {
        "aat": N_("AAT"),
        "emergency_clinic": N_("Legevakt"),
        "specialist": N_("DPS/sykehus"),
        "next_of_kin": N_("Pårørende"),
    },
    "contact_role": {
        "next_of_kin": N_("Pårørende"),
        "guardian": N_("Verge"),
        "gp": N_("Fastlege"),
        "therapist": N_("Behandler (DPS)"),
        "lar": N_("LAR"),
        "addiction_counsellor": N_("Ruskonsulent"),
        "nav": N_("NAV-veileder"),
        "housing_office": N_("Boligkontor"),
        "home_care": N_("Hjemmesykepleie"),
        "job_specialist": N_("Jobbspesialist"),
        "pet_sitter": N_("Passer dyret"),
        "other": N_("Annen"),
    },
    "yes_no": {
        "yes": N_("Ja"),
        "no": N_("Nei"),
    },
    "housing_transition": {
        "evicted": N_("Mistet boligen (utkastelse)"),
        "awaiting_move_in": N_("Venter på å flytte inn"),
    },
    "dwelling": {
        "ordinary": N_("Ordinær kommunal"),
        "sheltered": N_("Omsorgsbolig"),
        "co_located": N_("Samlokalisert"),
        "shared": N_("Bofellesskap"),
        "small_house": N_("Småhus/modulhus"),
        "robust": N_("Hardbruksbolig"),
        "transitional": N_("Overgangsbolig"),
        "hospice": N_("Hospits"),
        "emergency": N_("Akuttplass"),
        "night_shelter": N_("Natthjem"),
        "private": N_("Privat leid"),
        "other": N_("Annet"),
    },
    "staffing": {
        "round_the_clock": N_("Døgnbase"),
        "day": N_("Dagbase"),
        "some_days": N_("Dagbase noen dager"),
        "none": N_("Ingen, ambulant oppfølging"),
    },
    "obtained_by": {
        "self": N_("Selv"),
        "municipality": N_("Kommunen"),
        "institution": N_("Institusjon eller lavterskel"),
        "others": N_("Andre"),
    },
    "filled_by": {
        "staff": N_("Ansatt"),
        "client": N_("Bruker"),
        "together": N_("Sammen"),
    },
    "decision_ground": {
        "hol_3_2_6a": N_("hol. § 3-2 nr. 6 a (helsetjenester i hjemmet)"),
        "hol_3_2_6b": N_("hol. § 3-2 nr. 6 b (personlig assistanse)"),
        "hol_3_2_6c": N_("hol. § 3-2 nr. 6 c (plass i institusjon)"),
        "housing_social_act": N_("Boligsosialloven"),
        "treatment": N_("Behandling"),
        "other": N_("Annet"),
    },
    "per": {
        "week": N_("I uka"),
        "month": N_("I måneden"),
        "as_needed": N_("Etter behov"),
    },
    "task_outcome": {
        "done": N_("Gjort"),
        "dropped": N_("Ikke aktuelt lenger"),
    },
    "planned_outcome": {
        "done": N_("Gjennomført"),
        "moved": N_("Flyttet"),
        "dropped": N_("Avlyst"),
    },
    "meeting_kind": {
        "support_group": N_("Ansvarsgruppemøte"),
        "cooperation": N_("Samarbeidsmøte"),
        "board": N_("Tavlemøte"),
        "allocation": N_("Tildelingsmøte"),
        "other": N_("Møte"),
    },
}
"""The closed lists of sync/codes_plans.py."""

PLAN_TYPES = {
    "risk_noted": N_("Før du går inn"),
    "risk_reviewed": N_("Før du går inn, vurdert på nytt"),
    "plan_noted": N_("Plan"),
    "contact_person_noted": N_("Folk rundt"),
    "agreement_recorded": N_("Avtale"),
    "housing_changed": N_("Bosituasjon"),
    "decision_recorded": N_("Vedtak"),
    "decision_ended": N_("Vedtak avsluttet"),
    "task_set": N_("Oppgave"),
    "task_done": N_("Oppgave avsluttet"),
    "handover_noted": N_("Beskjed til neste vakt"),
    "handover_read": N_("Beskjed lest"),
    "visit_planned": N_("Planlagt besøk"),
    "visit_plan_ended": N_("Planlagt besøk avsluttet"),
    "meeting_held": N_("Møte"),
}
"""What the entries are called."""
