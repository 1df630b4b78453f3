/** After signing in again: hand what was typed to the form's page (see carried_form.js), which takes it out at once. */
const carried = document.getElementById("carried");
const fields = [...carried.querySelectorAll("dt")].map((name) => [
  name.textContent,
  name.nextElementSibling.textContent,
]);
const { page, to, said, gone } = carried.dataset;
sessionStorage.setItem("carried", JSON.stringify({ to, fields, said, gone }));
location.replace(page);
