/**
 * Owns how a photo comes to an entry: made small by drawing it anew, which also leaves behind where and when it was taken,
 * sealed and kept, and sent beside the entries.
 */
import { bus } from "../core/bus.js";
import { uuid7 } from "../core/ids.js";
import { keepPhoto, sendPhotos } from "../core/photos.js";
import { t } from "../texts/t.js";
import { entryOf, saveAll, wrongWords } from "./saving.js";

const MOST_BYTES = 400_000;
const LONGEST_SIDE = 2_000;

const blobOf = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

/** The picture as a JPEG of at most 400 kB, with nothing in it but what can be seen. @param {Blob} file @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  let side = Math.min(LONGEST_SIDE, Math.max(picture.width, picture.height));
  try {
    for (;;) {
      const scale = side / Math.max(picture.width, picture.height);
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
      for (const quality of [0.82, 0.7, 0.55, 0.4]) {
        const blob = await blobOf(canvas, quality);
        if (blob && blob.size <= MOST_BYTES) return new Uint8Array(await blob.arrayBuffer());
      }
      side = Math.round(side * 0.75);
    }
  } finally {
    picture.close();
  }
}

export function mountPhotos(root, app) {
  const sendSoon = () =>
    sendPhotos().then(
      (sent) => sent && app.render(),
      (error) => console.error("photos not sent", error),
    );
  root.addEventListener("change", (event) => {
    const input = event.target;
    const file = input.dataset?.photo && input.files?.[0];
    if (!file) return;
    input.value = "";
    attach(app, input.dataset, file).then(sendSoon);
  });
  for (const name of ["online", "visibilitychange"]) window.addEventListener(name, sendSoon);
  bus.addEventListener("flush", sendSoon);
  sendSoon();
}

/** The photo is on disk before the entry that names it. */
async function attach(app, { photo, kind }, file) {
  const entry = app.state.entries.get(photo);
  const fileId = uuid7();
  try {
    await keepPhoto(fileId, app.state.me.id, await shrunk(file));
  } catch (error) {
    console.error("photo not kept", error);
    // Ours have words for a code; what the browser throws at a file that is no image has a number.
    const isOurs = typeof error?.code === "string";
    app.toast({ text: isOurs ? wrongWords(error) : t("Bildet lot seg ikke lese. Prøv et annet.") });
    return;
  }
  const attached = { type: "file_attached", body: { file_id: fileId, entry_id: photo, kind } };
  await saveAll(app, [entryOf(app, { ...attached, client: entry?.client_id, team: entry?.team_id })], {
    said: t("Bildet er lagt ved"),
  });
}
