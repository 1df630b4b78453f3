// @ts-check
/** Which PINs a person may choose. Pure: it says what is wrong with one, and stores nothing. */

export const SHORTEST = 6;
export const LONGEST = 12;

/** @param {string} pin each digit one more, or one less, than the one before; 9 and 0 are neighbours */
function isSequence(pin) {
  const steps = [...pin].slice(1).map((digit, i) => (Number(digit) - Number(pin[i]) + 10) % 10);
  return steps.every((step) => step === 1) || steps.every((step) => step === 9);
}

/** @param {string} pin one digit all through, or a shorter part again and again: 121212, 123123 */
function isRepetition(pin) {
  const parts = [1, 2, 3, 4].filter((length) => length <= pin.length / 2);
  return parts.some(
    (length) =>
      pin ===
      pin
        .slice(0, length)
        .repeat(Math.ceil(pin.length / length))
        .slice(0, pin.length),
  );
}

/** @param {string} pin a year somebody at work may be born in stands in it */
const holdsBirthYear = (pin) => /(19[3-9]\d|20[01]\d)/.test(pin);

/** @typedef {'short'|'long'|'digits'|'sequence'|'repetition'|'year'} Weakness */

/** What is wrong with a PIN, or null. @param {string} pin @returns {Weakness | null} */
export function weaknessOf(pin) {
  if (!/^\d*$/.test(pin)) return "digits";
  if (pin.length < SHORTEST) return "short";
  if (pin.length > LONGEST) return "long";
  if (isSequence(pin)) return "sequence";
  if (isRepetition(pin)) return "repetition";
  return holdsBirthYear(pin) ? "year" : null;
}
