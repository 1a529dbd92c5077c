/* A person's own recording for a scene: the row below its words. Before it: what editor.js has
   (el, button, clock, card, number of a card, after); given by Gradio: upload, trigger. */
const ownVoice = (() => {
  /* where: {number(card), after(act)}, which know the card's place and wait for what is unsaved. */
  function make(card, where, { el, button }) {
    const row = el("div", "own");
    const state = el("span", "own-state");
    const note = el("span", "own-note", "", { role: "status" });
    const warning = el("p", "own-warning");
    const file = el("input", "", null, { type: "file", accept: "audio/*,video/*,.m4a,.opus,.amr,.caf", "aria-label": "A recording of these words" });
    file.hidden = true;
    file.onchange = () => bring(card, row, file, where);
    const choose = button("Choose a recording…", "own-choose", () => file.click());
    const remove = button("Remove it", "own-remove", () =>
      where.after(() => {
        note.textContent = "Removing it…";
        trigger("unrecord", { scene_number: where.number(card) });
      }),
    );
    row.append(state, note, file, choose, remove, warning);
    row.hidden = true;
    return row;
  }

  async function bring(card, row, file, where) {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    const note = row.querySelector(".own-note");
    note.textContent = "Bringing it here…";
    try {
      const { path } = await upload(chosen);
      where.after(() => {
        const number = where.number(card);
        if (!number) return;
        note.textContent = "Listening to it…";
        trigger("record", { scene_number: number, path, name: chosen.name });
      });
    } catch {
      note.textContent = "It could not be brought here. Is it larger than 250 MB?";
    }
  }

  /* What the server says of a scene. */
  function show(card, scene, clock) {
    const row = card.querySelector(".own");
    const own = scene.recording;
    const told = own ? `Your own recording: ${own.name}, ${clock(own.duration_seconds)}` : "The voice speaks this scene. Tell it yourself:";
    row.querySelector(".own-state").textContent = told;
    card.dataset.shared = scene.audio && scene.proportional ? ", word times shared out by length" : "";
    row.querySelector(".own-warning").textContent = own?.warning || "";
    row.querySelector(".own-choose").textContent = own ? "Replace…" : "Choose a recording…";
    row.querySelector(".own-remove").hidden = !own;
    if (own || card.dataset.own) row.hidden = !own;
    card.dataset.own = own ? "1" : "";
    if (own) card.dataset.seconds = own.duration_seconds;
    settle(card);
  }

  /* Nothing is on its way any more. */
  function settle(card) {
    card.querySelector(".own-note").textContent = "";
  }

  function toggle(card) {
    const row = card.querySelector(".own");
    row.hidden = !row.hidden && !card.dataset.own;
    if (!row.hidden) row.querySelector(".own-choose").focus();
  }

  return { make, show, settle, toggle };
})();
