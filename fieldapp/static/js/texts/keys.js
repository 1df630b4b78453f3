/** What a text is found by in the tables of the other languages: itself. In what is built it is a number (.ci/phone.mjs). */
/** @param {string} nb @returns {string} */
export const keyOf = (nb) => nb;
