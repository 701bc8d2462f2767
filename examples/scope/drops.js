/** Files: dropped anywhere on the page, or chosen. */

const $ = (id) => document.getElementById(id);

/** `take` is called with the files: several belong together, as a SigMF recording's two do. */
export function makeDrops(take) {
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => {
    if (carriesFiles(event) && ++depth > 0) $("veil").hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (carriesFiles(event) && --depth <= 0) $("veil").hidden = true;
  });
  addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    $("veil").hidden = true;
    if (event.dataTransfer.files.length > 0) take([...event.dataTransfer.files]);
  });
  $("open").addEventListener("click", () => $("file").click());
  $("file").multiple = true;
  $("file").addEventListener("change", () => {
    if ($("file").files.length > 0) take([...$("file").files]);
    $("file").value = "";
  });
}
