/** Puts what was typed before the session ended into the form it was typed in. Nothing is sent: the person looks first. */
const KEY = "carried";

/** Run once when an office page has loaded. */
export function takeCarried(root = document, storage = sessionStorage) {
  const kept = storage.getItem(KEY);
  storage.removeItem(KEY);
  if (!kept) return;
  const { to, fields, said, gone } = JSON.parse(kept);
  const form = [...root.querySelectorAll("form")].find((one) => leadsTo(one, to));
  if (!form) return tell(root.querySelector("main"), [gone, ...words(fields)].join("\n"));
  fill(form, fields);
  for (let box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  tell(form, said).focus();
}

/** A form's own address, or that of one of its buttons. */
function leadsTo(form, path) {
  const addresses = [
    form.getAttribute("action"),
    ...[...form.querySelectorAll("[formaction]")].map((one) => one.getAttribute("formaction")),
  ];
  return addresses.some((address) => address && new URL(address, location.href).pathname === path);
}

function fill(form, fields) {
  const named = grouped(fields);
  for (const one of form.elements) {
    if (!one.name || one.type === "hidden") continue;
    const values = (named.get(one.name) ?? []).map(([, value]) => value);
    if (one.type === "checkbox" || one.type === "radio") one.checked = values.includes(one.value);
    else if (values.length) one.value = values[0];
    if (one.type !== "submit" && values[0])
      for (let box = one.closest("details"); box && form.contains(box); box = box.parentElement.closest("details"))
        box.open = true;
  }
}

function grouped(fields) {
  const found = new Map();
  for (const field of fields) found.set(field[0], [...(found.get(field[0]) ?? []), field]);
  return found;
}

const words = (fields) => fields.map(([, value]) => value.trim()).filter((value) => value.length > 2);

function tell(place, text) {
  const notice = Object.assign(document.createElement("div"), {
    className: "notice carried",
    textContent: text,
    tabIndex: -1,
  });
  notice.setAttribute("role", "alert");
  notice.dataset.color = "warning";
  place.prepend(notice);
  return notice;
}
