"""The words for incidents in a home and against staff, list by list."""

from fieldapp.texts.catalogues import N_

INCIDENTS = {
    "housing_incident": {
        "unwanted_visitors": N_("Uønskede besøkende"),
        "taken_over": N_("Boligen overtatt av andre"),
        "damage": N_("Skade"),
        "water_leak": N_("Vannlekkasje"),
        "fire_risk": N_("Brannfare"),
        "hoarding": N_("Opphoping av ting"),
        "disturbance": N_("Uro og bråk"),
        "vandalism": N_("Hærverk"),
        "break_in": N_("Innbrudd"),
        "other": N_("Annet"),
    },
    "incident_status": {
        "open": N_("Åpen"),
        "handled": N_("Ordnet"),
    },
    "staff_incident": {
        "spitting": N_("Spytting"),
        "threats": N_("Trusler"),
        "death_threats": N_("Drapstrusler"),
        "digital_threats": N_("Trusler på melding eller sosiale medier"),
        "verbal": N_("Skjelling og roping"),
        "physical": N_("Slag, spark, dytting"),
        "sexual": N_("Seksuell krenkelse"),
        "property_damage": N_("Materiell skade"),
        "weapon": N_("Våpen eller farlig gjenstand"),
    },
    "incident_by": {
        "client": N_("Brukeren"),
        "visitor": N_("En besøkende"),
        "other": N_("En annen"),
    },
    "injury": {
        "none": N_("Ingen skade"),
        "minor": N_("Lettere skade"),
        "doctor": N_("Trengte lege"),
    },
    "retreat": {
        "yes": N_("Ja"),
        "no": N_("Nei"),
        "unsure": N_("Usikker"),
    },
    "staff_support": {
        "talked": N_("Snakket med leder eller kollega"),
        "debrief": N_("Samtale i teamet etterpå"),
        "occupational_health": N_("Bedriftshelsetjenesten"),
        "police_report": N_("Anmeldt"),
        "time_off": N_("Fri resten av dagen"),
        "none_wanted": N_("Ønsket ikke noe"),
    },
}

INCIDENT_TYPES = {
    "housing_incident_logged": N_("Hendelse i boligen"),
    "housing_incident_updated": N_("Hendelse i boligen, nytt"),
    "staff_incident_logged": N_("Hendelse mot ansatt"),
}
