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
  agreement_withdrawn: {"about": "client", "roles": ["fieldworker", "leader", "peer"], "moves": true, "outcome": ["withdrawn_how", "how"]},
  follow_up_ended: {"about": "client", "roles": ["fieldworker", "leader"], "moves": true, "outcome": ["follow_up_reason", "reason"], "death": ["reason", "died"]},
  follow_up_resumed: {"about": "client", "roles": ["fieldworker", "leader"], "moves": true},
  entry_corrected: {"about": "subject", "roles": ["fieldworker", "landlord", "leader", "partner", "peer"], "moves": true, "outcome": ["correction", "what"], "timeline": "none"},
};
