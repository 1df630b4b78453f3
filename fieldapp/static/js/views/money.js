/** Owns how an amount somebody typed is read. Pure; how one is told: kroner in words.js. */

/** What a person types as money ("14 250", "14.250,50") as the contract's decimal string, or null. */
export function parseKroner(text) {
  const tight = String(text).replace(/[\s\u00a0]|kr/g, "");
  const plain = tight.includes(",")
    ? tight.replace(/\./g, "").replace(",", ".")
    : tight.replace(/\.(?=\d{3}(\D|$))/g, "");
  return /^\d+(\.\d{1,2})?$/.test(plain) ? plain.replace(/\.(\d)$/, ".$10") : null;
}
