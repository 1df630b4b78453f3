// @ts-check
/** The enrolment page: fills in user name and code from behind `#` in the address, and takes them out of it at once. */
const given = new URLSearchParams(location.hash.slice(1));
for (const [name, id] of [
  ["bruker", "username"],
  ["kode", "code"],
]) {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById(id));
  const value = given.get(name);
  if (field && value) field.value = value;
}
if (given.has("kode")) {
  history.replaceState(null, "", location.pathname);
  document.getElementById("password")?.focus();
}
