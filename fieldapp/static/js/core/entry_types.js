// @ts-check
/** The rows of sync/entry_types.py that the phone goes by: what each field means stands in sync/entry_type.py. Made by `python -m fieldapp.texts.phone_tables`; don't edit. */
/**
 * @typedef {object} EntryType
 * @property {string} about
 * @property {string[]} roles
 * @property {boolean} moves
 * @property {string} [case]
 * @property {[string, string]} [outcome]
 * @property {string} [points_at]
 * @property {{degree: string, when: Record<string, string[]>}[]} [contact]
 * @property {string} [met_at]
 * @property {[string, string]} [death]
 * @property {string} [timeline]
 * @property {boolean} [urgent]
 * @property {string} [card]
 * @property {string} [titled]
 * @property {string} [unsaid]
 * @property {string[]} [line]
 * @property {{kind: string, part: string, id?: string, each?: string, ended?: [string, unknown]}} [stands]
 */
/** @type {Record<string, EntryType>} */
export const ENTRY_TYPES = {
  __proto__: /** @type {any} */ (null),
  client_registered: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false},
  client_updated: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": true, "card": "fields"},
  client_team_set: {"about": "client", "roles": ["leader"], "moves": true},
  staff_blocked: {"about": "client", "roles": ["leader", "privacy"], "moves": false, "timeline": "none", "line": ["reason"]},
  staff_unblocked: {"about": "client", "roles": ["leader", "privacy"], "moves": false, "timeline": "none", "line": ["reason"]},
  client_access_listed: {"about": "client", "roles": ["leader", "privacy"], "moves": false, "timeline": "none"},
  client_merged: {"about": "client", "roles": ["leader"], "moves": false, "points_at": "other_client", "line": ["reason"]},
  fact_shared: {"about": "client", "roles": ["leader"], "moves": false, "outcome": ["shared_fact", "what"]},
  fact_unshared: {"about": "client", "roles": ["leader"], "moves": false, "outcome": ["shared_fact", "what"]},
  duty_set: {"about": "team", "roles": ["leader"], "moves": false, "points_at": "own_team"},
  duty_handed_over: {"about": "team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "offered_duty"},
  duty_taken_over: {"about": "team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "taken_duty"},
  team_hours_set: {"about": "team", "roles": ["leader"], "moves": false, "points_at": "hours_team"},
  visit_started: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "new_visit", "timeline": "own"},
  visit_ended: {"about": "subject", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "visit", "timeline": "none"},
  help_requested: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "timeline": "own", "urgent": true, "line": ["place_label"]},
  visit_logged: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": true, "outcome": ["visit_outcome", "outcome"], "contact": [{"degree": "seen", "when": {"outcome": ["declined", "cancelled"], "contact": ["seen"]}}, {"degree": "heard", "when": {"outcome": ["declined", "cancelled"], "contact": ["heard"]}}, {"degree": "none", "when": {"outcome": ["declined", "cancelled"], "contact": ["none"]}}, {"degree": "heard", "when": {"outcome": ["declined", "heard"]}}, {"degree": "none", "when": {"outcome": ["cancelled"]}}, {"degree": "seen", "when": {"outcome": ["seen"]}}, {"degree": "attempt", "when": {}}], "line": ["client_said", "agreed", "note"]},
  street_contact_logged: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": true, "contact": [{"degree": "seen", "when": {}}], "line": ["place_label", "people", "private", "note"]},
  call_logged: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": true, "outcome": ["call_outcome", "outcome"], "contact": [{"degree": "none", "when": {"with": ["next_of_kin", "gp", "specialist", "nav", "guardian", "landlord", "police", "other"]}}, {"degree": "heard", "when": {"outcome": ["spoke"]}}, {"degree": "heard", "when": {"outcome": ["message"], "direction": ["in"]}}, {"degree": "attempt", "when": {}}]},
  sighting_reported: {"about": "client", "roles": ["fieldworker", "landlord", "leader", "partner", "peer"], "moves": true, "outcome": ["sighting", "what"], "contact": [{"degree": "none", "when": {"what": ["missed", "worried"]}}, {"degree": "reported", "when": {}}]},
  rent_problem_reported: {"about": "client", "roles": ["fieldworker", "landlord", "leader", "peer"], "moves": false, "case": "rent", "points_at": "new_case", "line": ["amount_nok", "letters", "plan", "note"]},
  rent_problem_updated: {"about": "client", "roles": ["fieldworker", "landlord", "leader", "peer"], "moves": false, "case": "rent", "outcome": ["rent_status", "status"], "points_at": "case", "line": ["amount_nok", "letters", "plan", "note"]},
  neighbour_complaint_received: {"about": "client", "roles": ["fieldworker", "landlord", "leader", "peer"], "moves": false, "case": "complaint", "points_at": "new_case", "line": ["what", "client_role"]},
  neighbour_complaint_updated: {"about": "client", "roles": ["fieldworker", "landlord", "leader", "peer"], "moves": false, "case": "complaint", "outcome": ["complaint_status", "status"], "points_at": "case"},
  housing_incident_logged: {"about": "client", "roles": ["fieldworker", "landlord", "leader", "peer"], "moves": false, "case": "housing", "points_at": "new_case", "line": ["what", "client_role"]},
  housing_incident_updated: {"about": "client", "roles": ["fieldworker", "landlord", "leader", "peer"], "moves": false, "case": "housing", "outcome": ["incident_status", "status"], "points_at": "case"},
  staff_incident_logged: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": true, "line": ["kinds", "note"]},
  check_step_logged: {"about": "subject", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["check_step", "step"], "points_at": "alert", "timeline": "none", "titled": "outcome"},
  absence_step_set: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["step_watch", "watch"], "points_at": "absence_step", "line": ["from_at", "to_at", "note"]},
  discharge_planned: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "absence_step", "line": ["checks", "home", "note"]},
  client_checked_in: {"about": "client", "roles": ["partner"], "moves": false, "outcome": ["check_in", "what"], "contact": [{"degree": "none", "when": {"what": ["ring_me"]}}, {"degree": "heard", "when": {}}], "titled": "outcome"},
  subject_client_set: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "nobody_known", "timeline": "none"},
  journal_noted: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "noted", "timeline": "none", "line": ["system", "note"]},
  file_attached: {"about": "subject", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["file_kind", "kind"], "points_at": "entry", "timeline": "none", "titled": "outcome", "line": ["caption", "note"]},
  crisis_opened: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "case": "crisis", "outcome": ["crisis_kind", "kind"], "points_at": "new_case", "urgent": true, "unsaid": "other", "line": ["about", "note"]},
  crisis_step_logged: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "case": "crisis", "outcome": ["crisis_step", "step"], "points_at": "case", "titled": "outcome"},
  crisis_closed: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "case": "crisis", "outcome": ["crisis_outcome", "outcome"], "points_at": "case", "contact": [{"degree": "attempt", "when": {"outcome": ["not_found"]}}, {"degree": "none", "when": {"outcome": ["died"]}}, {"degree": "seen", "when": {}}], "death": ["outcome", "died"]},
  concern_raised: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": true, "outcome": ["urgency", "urgency"], "urgent": true, "line": ["about", "reason"]},
  concern_answered: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "concern"},
  home_entered: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": true, "outcome": ["found", "found"], "contact": [{"degree": "attempt", "when": {"found": ["nobody"]}}, {"degree": "none", "when": {"found": ["dead"]}}, {"degree": "seen", "when": {}}], "death": ["found", "dead"], "line": ["ground", "reason"]},
  duty_to_report_noted: {"about": "client", "roles": ["fieldworker", "leader"], "moves": true, "outcome": ["report_decision", "decided"], "line": ["kind", "reason", "note"]},
  absence_started: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["absence_kind", "kind"], "points_at": "new_absence", "line": ["where", "note"]},
  absence_confirmed: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "absence", "line": ["confirmed_with", "note"]},
  absence_ended: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["absence_outcome", "outcome"], "points_at": "absence"},
  watch_set: {"about": "client", "roles": ["leader"], "moves": true, "outcome": ["watch_mode", "mode"], "card": "watch", "line": ["reason"]},
  watch_handed_over: {"about": "client", "roles": ["fieldworker", "leader"], "moves": false, "points_at": "receiving_team", "timeline": "own"},
  watch_taken_over: {"about": "client", "roles": ["fieldworker", "leader"], "moves": false, "points_at": "hand_over", "timeline": "own"},
  contact_interval_set: {"about": "client", "roles": ["fieldworker", "leader"], "moves": true, "card": "days"},
  alert_acknowledged: {"about": "subject", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "alert", "timeline": "none", "urgent": true},
  alert_snoozed: {"about": "subject", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "alert", "timeline": "none"},
  alert_resolved: {"about": "subject", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["alert_outcome", "outcome"], "points_at": "alert", "contact": [{"degree": "seen", "when": {"outcome": ["was_seen"]}}], "met_at": "seen_at", "timeline": "none"},
  alert_handed_over: {"about": "subject", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "alert", "timeline": "none"},
  agreement_withdrawn: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": true, "outcome": ["withdrawn_how", "how"], "stands": {"kind": "agreement", "part": "withdraws"}},
  follow_up_ended: {"about": "client", "roles": ["fieldworker", "leader"], "moves": true, "outcome": ["follow_up_reason", "reason"], "death": ["reason", "died"]},
  follow_up_resumed: {"about": "client", "roles": ["fieldworker", "leader"], "moves": true},
  entry_corrected: {"about": "subject", "roles": ["fieldworker", "landlord", "leader", "partner", "peer"], "moves": true, "outcome": ["correction", "what"], "timeline": "none"},
  risk_noted: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "new_thing", "line": ["advice", "reason", "note"], "stands": {"kind": "risk", "part": "opens", "id": "risk_id"}},
  risk_reviewed: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["risk_outcome", "outcome"], "points_at": "thing", "line": ["advice", "reason", "note"], "stands": {"kind": "risk", "part": "reviews", "id": "risk_id", "ended": ["outcome", "ended"]}},
  plan_noted: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": true, "outcome": ["plan_kind", "kind"], "titled": "outcome", "stands": {"kind": "plan", "part": "version", "each": "kind"}},
  contact_person_noted: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["contact_role", "role"], "points_at": "new_thing", "line": ["name", "note"], "stands": {"kind": "contact_person", "part": "version", "id": "contact_id", "ended": ["ended", true]}},
  agreement_recorded: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["agreement_kind", "kind"], "points_at": "new_thing", "line": ["party", "words", "note"], "stands": {"kind": "agreement", "part": "opens", "id": "agreement_id"}},
  housing_changed: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": true, "outcome": ["housing", "situation"], "stands": {"kind": "housing", "part": "version"}},
  decision_recorded: {"about": "client", "roles": ["fieldworker", "leader"], "moves": false, "points_at": "new_thing", "line": ["service", "note"], "stands": {"kind": "decision", "part": "version", "id": "decision_id"}},
  decision_ended: {"about": "client", "roles": ["fieldworker", "leader"], "moves": false, "points_at": "thing", "line": ["on", "note"], "stands": {"kind": "decision", "part": "ends", "id": "decision_id"}},
  task_set: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "new_thing", "line": ["what", "note"], "stands": {"kind": "task", "part": "version", "id": "task_id"}},
  task_done: {"about": "subject", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["task_outcome", "outcome"], "points_at": "thing", "stands": {"kind": "task", "part": "ends", "id": "task_id"}},
  handover_noted: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "line": ["what", "note"], "stands": {"kind": "handover", "part": "opens"}},
  handover_read: {"about": "subject", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "handovers", "timeline": "none", "stands": {"kind": "handover", "part": "reads", "id": "entry_ids"}},
  visit_planned: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "points_at": "new_thing", "line": ["at", "what", "note"], "stands": {"kind": "planned", "part": "version", "id": "plan_id"}},
  visit_plan_ended: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["planned_outcome", "outcome"], "points_at": "thing", "timeline": "none", "stands": {"kind": "planned", "part": "ends", "id": "plan_id"}},
  meeting_held: {"about": "client_or_team", "roles": ["fieldworker", "leader", "peer"], "moves": false, "outcome": ["meeting_kind", "kind"], "points_at": "new_thing", "titled": "outcome", "line": ["minutes", "note"], "stands": {"kind": "meeting", "part": "opens", "id": "meeting_id"}},
  board_placed: {"about": "client", "roles": ["fieldworker", "leader"], "moves": false, "line": ["reasons", "goal", "down_when", "note"]},
  board_removed: {"about": "client", "roles": ["fieldworker", "leader"], "moves": false, "line": ["reason", "note"]},
  board_columns_set: {"about": "team", "roles": ["leader"], "moves": false, "points_at": "led_team"},
  team_setting_set: {"about": "team", "roles": ["leader"], "moves": false, "outcome": ["setting_key", "key"], "points_at": "led_team", "line": ["value", "reason", "note"]},
  drill_started: {"about": "team", "roles": ["leader"], "moves": false, "points_at": "led_team", "timeline": "none"},
};
