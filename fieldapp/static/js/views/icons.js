/** Owns the line icons: one 24×24 path each, drawn with the text's colour. */
import { html } from "../../vendor/lit-html.js";

const PATHS = {
  day: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.4a3.5 3.5 0 0 1 0 6.4M18 14.6c2.1.9 3.5 2.8 3.5 5.4",
  plus: "M12 5v14M5 12h14",
  board: "M4 4h16v16H4zM9.3 4v16M14.7 4v16",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  home: "M3 11.5 12 4l9 7.5M6 9.5V20h12V9.5M10 20v-5h4v5",
  phone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z",
  pin: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  crisis: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2h.01",
  back: "M15 5l-7 7 7 7",
  check: "M5 12.5l4.5 4.5L19 7.5",
  walk: "M13 6.2a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2zM10 21l2-6-3-2.5 1-5 3 1.5 2.5 2H18M9.5 9 7 11v3M12.5 15.5 15 18v3",
  money: "M3 7h18v11H3zM12 15a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM6 10.5h.01M18 14.5h.01",
  speech: "M4 5h16v11H10l-4 4v-4H4zM8 9.5h8M8 12.5h5",
  worried: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 16.5c1-1.3 2.1-2 3.5-2s2.5.7 3.5 2M9 10h.01M15 10h.01",
  key: "M15 9a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM10.2 12.8 4 19v2h3v-2h2v-2h2l1.6-1.8",
  leave: "M10 4H5v16h5M14 8l4 4-4 4M9 12h9",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  person: "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c0-4 3.4-6.5 7.5-6.5s7.5 2.5 7.5 6.5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  pen: "M4 20l1-4L16.5 4.5l3 3L8 19zM14.5 6.5l3 3",
  team: "M12 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM5.5 20v-2a4 4 0 0 1 4-4h5a4 4 0 0 1 4 4v2",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4",
  door: "M6 21V3h12v18M3.5 21h17M14.5 12h.01",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5",
  share: "M12 14V3M8 6.5 12 3l4 3.5M8 10H5v11h14V10h-3",
  add: "M4 4h16v16H4zM12 8v8M8 12h8",
  bang: "M12 5v9M12 18h.01",
  cloud: "M7 18h10a4 4 0 0 0 .6-8A6 6 0 0 0 6 9.5 4.3 4.3 0 0 0 7 18z",
};

export const icon = (name) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
