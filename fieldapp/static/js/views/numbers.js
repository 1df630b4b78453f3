/** Owns that a number somebody is told to ring can be tapped, wherever it stands in a text. */
import { html } from "../../vendor/lit-html.js";
import { splitNumbers } from "./words.js";

/** The text with each emergency number as a `tel:` link. */
export const withNumbers = (text) =>
  splitNumbers(text).map((part, i) =>
    i % 2 ? html`<a class="number" href="tel:${part.replace(" ", "")}">${part}</a>` : part,
  );
