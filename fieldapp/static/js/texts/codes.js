/** Owns the words on screen for every code the phone can log. Codes are those of sync/codes.py. */
import { t } from "./t.js";

const CODES = {
  visit_outcome: { seen: "Traff", heard: "Hørte gjennom døra", no_answer: "Åpnet ikke", not_home: "Ikke hjemme", declined: "Takket nei", cancelled: "Avlyst" },
  visit_place: { home: "Hjemme", street: "På gata", cafe: "Kafé", office: "Kontoret", institution: "Institusjon", outdoors: "Ute", other: "Annet sted" },
  visit_contact: { seen: "Sett", heard: "Bare hørt", none: "Verken sett eller hørt" },
  cancelled_by: { client: "Av brukeren", us: "Av oss" },
  medication: { handed_over: "Levert", seen_taken: "Så at den ble tatt", not_taken: "Ikke tatt", declined: "Takket nei" },
  condition: { better: "Bedre", usual: "Som vanlig", worse: "Dårligere", alarming: "Bekymret" },
  topic: { economy: "Økonomi/husleie", home: "Bolig/rydding", health: "Helse", dental_wounds: "Tannhelse/sår", medication: "Medisin/depot", lar: "LAR", food: "Mat", children_family: "Barn/familie", animals: "Dyr", substance_use: "Rus/skadereduksjon", network: "Nettverk/pårørende", activity_work: "Aktivitet/arbeid", practical_help: "Praktisk hjelp", accompaniment: "Følge (lege, NAV, handel)", conversation: "Samtale", plan: "Plan" },
  offered: { drop_in: "Varmestue/kafé", night_shelter: "Natthjem", doctor: "Lege/legevakt", nav: "NAV", treatment: "Behandling/avrusning", allocation_office: "Tildelingskontor", overdose_team: "Overdoseteam", housing: "Bolig", activity: "Aktivitet", other: "Annet" },
  equipment: { syringes: "Sprøyter", cookers: "Kokekar", foil: "Folie/røykeutstyr", sharps_box: "Kanyleboks", naloxone: "Nalokson", condoms: "Kondomer", other: "Annet" },
  call_direction: { out: "Jeg ringte", in: "Ble oppringt" },
  call_outcome: { spoke: "Snakket sammen", message: "Melding", no_answer: "Ikke svar" },
  call_with: { client: "Brukeren selv", next_of_kin: "Pårørende", gp: "Fastlege", specialist: "DPS/sykehus", nav: "NAV", guardian: "Verge", landlord: "Utleier", police: "Politi", other: "Annen" },
  source: { drop_in: "Treffsted", shelter: "Natthjem", lar: "LAR-utlevering", pharmacy: "Apotek", home_care: "Hjemmesykepleie", next_of_kin: "Pårørende", neighbour: "Nabo", caretaker: "Miljøvaktmester", police: "Politi", hospital: "Sykehus", partner: "Annen samarbeidspart", other: "Annen" },
  sighting: { seen: "Har sett", missed: "Ikke møtt", worried: "Bekymret" },
  rent_cause: { benefit_stopped: "Ytelse stoppet", other_priorities: "Prioriterte annet", exploited: "Utnyttet av andre", deductions_debt: "Trekk/gjeld", mail_unopened: "Misforståelse/post ikke åpnet", moved: "Flyttet", other: "Annet" },
  letter: { reminder: "Purring", debt_collection: "Inkassovarsel", payment_demand: "Betalingsoppfordring", eviction_notice: "Varsel om tvangsfravikelse (§ 4-18)", bailiff_letter: "Namsmannens brev: to uker til å svare (§ 13-6)", eviction_date: "Berammelse: dato for utkastelse", written_warning: "Skriftlig advarsel (§ 9-9)", termination: "Oppsigelse", rescission: "Heving", lease_expiring: "Kontrakten løper ut", other: "Annet" },
  rent_plan: { paid: "Betalt", instalments: "Nedbetalingsavtale", nav_management: "Frivillig forvaltning hos NAV", benefit_deduction: "Husleie trukket av ytelsen", guardian: "Verge kontaktet", housing_allowance: "Bostøtte søkt", social_assistance: "Sosialhjelp søkt", debt_adviser: "Gjeldsrådgiver", guarantee: "Garanti", other: "Annet" },
  rent_status: { open: "Åpen", agreed: "Avtale på plass", resolved: "Løst, boligen er beholdt", evicted: "Mistet boligen" },
  complaint: { noise: "Bråk", visitors: "Besøk/trafikk", trespass: "Går over eiendommen", theft: "Tyveri", threats: "Trusler/vold", waste: "Søppel/sprøyter", visible_drug_use: "Synlig rusbruk", vandalism: "Hærverk", fire_hazard: "Brannfare", animals: "Dyr", other: "Annet" },
  complainant: { neighbour: "Nabo", housing_association: "Borettslag/sameie", landlord: "Utleier", police: "Politi", anonymous: "Vil ikke si hvem", other: "Annen" },
  client_role: { causes: "Brukeren står bak", suffers: "Brukeren er den som rammes", unclear: "Uklart" },
  complaint_status: { open: "Åpen", answered: "Svar gitt", resolved: "Løst" },
  crisis_kind: { overdose: "Overdose", suicide_risk: "Selvmordsfare", self_harm: "Selvskading", psychosis: "Psykose/forverring", violence_against: "Vold/trusler mot bruker", violence_by: "Vold/trusler fra bruker", missing: "Savnet", fire: "Brann", somatic: "Somatisk", withdrawal: "Avrusning/abstinens", other: "Annet" },
  crisis_step: { alerted: "Varslet", set_out: "Rykket ut", arrived: "Ankommet", called_113: "Ringte 113", called_112: "Ringte 112", called_110: "Ringte 110", called_116117: "Ringte 116 117", called_aat: "Ringte AAT", answered: "Fikk svar", naloxone: "Nalokson gitt", cpr: "HLR/førstehjelp", stayed: "Ble hos personen", calmed: "Samtale/roet", next_of_kin: "Pårørende kontaktet", therapist: "Behandler kontaktet", municipal_doctor: "Kommunelegen kontaktet", services_on_scene: "Ambulanse/politi på stedet", left: "Forlatt stedet", other: "Annet" },
  crisis_outcome: { calmed_home: "Roet, ble hjemme", safe_with_others: "Trygt hos andre", municipal_bed: "Kommunal akuttplass/ØHD", own_choice_bed: "Brukerstyrt plass", emergency_clinic: "Legevakt", admitted_voluntary: "Innlagt frivillig", admitted_involuntary: "Innlagt mot sin vilje", police: "Med politiet", not_found: "Fant ikke personen", died: "Døde" },
  judgement: { yes: "Ja", no: "Nei", unsure: "Usikker" },
  urgency: { now: "Nå", today: "I dag", board: "Tavla" },
  entry_ground: { agreement: "Avtalen åpner for det", danger_to_life: "Fare for liv og helse", fire_safety: "Brann, vann eller annen akutt skade", police_or_ambulance: "Med politi, ambulanse eller brannvesen", invited: "Ble sluppet inn", landlord_notice: "Med utleier, etter varsel" },
  found: { ok: "Sto bra til", needs_help: "Trengte hjelp", injured: "Skadet", dead: "Død", nobody: "Ingen hjemme" },
  tried: { rang: "Ringte på", phoned: "Ringte telefonen", asked_base: "Spurte basen", asked_contact: "Ringte dem vi kan ringe", waited: "Ventet" },
  told: { in_person: "Sagt det selv", note: "Lapp lagt igjen", phone: "På telefon", not_yet: "Ikke ennå" },
  absence_kind: { admitted: "Innlagt", treatment: "Rusbehandling", detox: "Avrusning", prison: "Fengsel", travel: "Reise", with_others: "Hos andre", unknown: "Ukjent" },
  absence_outcome: { as_planned: "Etter plan", transferred: "Overført", person_broke_off: "Personen avbrøt", institution_broke_off: "Institusjonen avbrøt", released: "Løslatt", other: "Annet" },
  watch_mode: { interval: "Etter timer", each_shift: "Hver vakt", off: "Ikke tilsyn" },
  counts: { seen: "Sett", heard: "Hørt (telefon, SMS, gjennom døra)", reported: "Meldt av andre" },
  shift: { day: "Dag", evening: "Kveld", night: "Natt" },
  when_closed: { wait: "Vente til vi åpner", hand_over: "Overlevere til et annet team", on_call: "Vakttelefon" },
  agreement_kind: { watch: "Tilsynsavtale", service: "Bo- og tjenesteavtale", follow_up: "Oppfølgingsavtale", cooperation: "Samarbeidsavtale", participant: "Deltakeravtale", consent: "Samtykke" },
  withdrawn_how: { at_door: "I døra", told: "Sa det til oss", written: "Skriftlig" },
  alert_outcome: { was_seen: "Var sett, ikke ført", not_found_plan_made: "Ikke funnet, ny sjekk avtalt", found_elsewhere: "Funnet et annet sted", mistake: "Feil varsel", other: "Annet" },
  follow_up_reason: { agreed: "Enige om å avslutte", transferred: "Overført til andre", moved: "Flyttet", died: "Død", other: "Annet" },
  correction: { text: "Feil i teksten", wrong_client: "Feil bruker", retracted: "Skulle ikke vært ført" },
  duty: { duty: "Vakt", backup: "Bakvakt" },
  team_kind: { act: "ACT", fact: "FACT", safety_fact: "Sikkerhets-FACT", housing_first: "Housing First", tenancy_support: "Booppfølging", staffed_housing: "Bemannet botiltak", outreach: "Uteteam", night: "Natteam" },
  role: { fieldworker: "Ansatt i teamet", peer: "Erfaringskonsulent", leader: "Teamleder", landlord: "Miljøvaktmester", privacy: "Innsynsansvarlig", admin: "Systemadministrator" },
  entry_type: { client_registered: "Ny bruker", client_updated: "Kortet endret", client_team_set: "Team endret", duty_set: "Vaktliste", duty_handed_over: "Vakt tilbudt", duty_taken_over: "Vakt overtatt", team_hours_set: "Åpningstid", visit_started: "Ute på besøk", visit_ended: "Ferdig på besøk", help_requested: "Ba om hjelp", concern_answered: "Bekymring fulgt opp", absence_confirmed: "Fravær sjekket", watch_handed_over: "Tilsynet overlevert", watch_taken_over: "Tilsynet overtatt", visit_logged: "Hjemmebesøk", street_contact_logged: "Gatekontakt", call_logged: "Telefon/SMS", sighting_reported: "Meldt av andre", rent_problem_reported: "Husleie", rent_problem_updated: "Husleie, nytt", neighbour_complaint_received: "Naboklage", neighbour_complaint_updated: "Naboklage, nytt", crisis_opened: "Krise", crisis_step_logged: "Krise, steg", crisis_closed: "Krise avsluttet", concern_raised: "Bekymret", home_entered: "Låste oss inn", absence_started: "Fravær", absence_ended: "Fravær slutt", watch_set: "Tilsynsavtale", contact_interval_set: "Kontakthyppighet", alert_acknowledged: "Tok varselet", alert_snoozed: "Utsatte varselet", alert_resolved: "Avsluttet varselet", alert_handed_over: "Ga varselet videre", agreement_withdrawn: "Avtale trukket", housing_incident_logged: "Hendelse i boligen", follow_up_ended: "Oppfølging avsluttet", follow_up_resumed: "Oppfølging gjenopptatt", entry_corrected: "Retting" },
  alert_kind: { not_seen: "Ikke sett", concern: "Bekymret", crisis: "Krise", staff_help: "En kollega trenger hjelp", staff_overdue: "Kollega ikke meldt seg", absence_overdue: "Fravær skulle vært over", case_deadline: "Frist i sak" },
};

/** The word on screen for a code; the code itself when this phone is older than the list. */
export const label = (list, code) => (Object.hasOwn(CODES[list] ?? {}, code) ? t(CODES[list][code]) : code ?? "");

/** [code, word] pairs of a list, in the order they are shown; `only` picks and orders. */
export const options = (list, only) => (only ?? Object.keys(CODES[list])).map((code) => [code, label(list, code)]);

/** Every list with its words in bokmål, for the test that holds them against the contract. */
export const CODE_LISTS = CODES;
