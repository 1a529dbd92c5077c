/* The clip board: candidates per scene, one chosen. Before it: cards.js, filmstrip.js. Given by
   Gradio: element, props, trigger, upload, watch.
   value: {sources: [{name, title, needs}], told: {films, strips}, scenes: [{scene_number, text, query,
           seconds, clip_id, start_seconds, fit, sound_level_db, error, check, here, strip, asked,
           reusable, sources, failures, broader, clips: [{clip_id, title, source, source_title, kind,
           thumbnail, preview, duration, size, licence, author, author_url, licence_url, url,
           guess, reusable, reasons, refused, used_in, online}]}]} */
const root = element.querySelector(".board");
const { el } = window.aiv;
const seen = new Map(); // what each scene's section was drawn from
const wishes = new Map(); // what a person has set for a scene's next search: {sources, reusable}
let shown = null; // the value that the board shows

/* A film or a strip that was asked for comes with the board as it was when it was made; what was
   chosen meanwhile must not be undone by that. */
function receive() {
  const value = props.value || { scenes: [] };
  if (!value.told || !shown) shown = value;
  if (shown === value) draw();
  clipCards.tell(value.told?.films);
  chosenClip.tell(root, value.told?.strips);
}

function draw() {
  const value = shown || { scenes: [] };
  if (!value.scenes.length) {
    seen.clear();
    const empty = el("div", "empty");
    empty.append(
      el("b", "", "No scenes yet"),
      "Write a script first: clips are suggested for each of its scenes.",
    );
    root.replaceChildren(empty);
    return;
  }
  const sections = value.scenes.map((scene) => sectionOf(scene, value));
  if (sections.some((section, index) => root.children[index] !== section) || root.children.length !== sections.length) {
    root.replaceChildren(...sections);
  }
}

/* A section that shows the same as before stays as it is, with its focus and its film. */
function sectionOf(scene, value) {
  const before = seen.get(scene.scene_number);
  const unplayed = { ...scene, clips: scene.clips.map((clip) => ({ ...clip, preview: "" })) };
  const recipe = JSON.stringify([unplayed, value.sources]);
  if (before?.recipe === recipe && !before.section.dataset.busy) return before.section;
  const section = drawScene(scene, value);
  const typed = before?.section.querySelector(".query");
  if (typed && typed.value !== typed.dataset.base) section.querySelector(".query").value = typed.value;
  seen.set(scene.scene_number, { recipe, section });
  return section;
}

function drawScene(scene, value) {
  const section = el("section");
  section.dataset.scene = scene.scene_number;
  const title = el("h3", "", `Scene ${scene.scene_number}`);
  title.id = `clip-scene-${scene.scene_number}`;
  title.append(el("span", "state", scene.clip_id ? "✓ chosen" : ""));
  section.append(title, el("p", "text", scene.text));
  if (scene.check) section.append(drawCheck(scene));
  section.append(drawSearch(scene, value));
  if (scene.error) section.append(el("p", "problem", scene.error));
  section.append(...drawNews(scene));
  if (scene.clips.length) section.append(drawClips(scene, title.id));
  const chosen = scene.clips.find((clip) => clip.clip_id === scene.clip_id);
  if (chosen) section.append(chosenClip.make(scene, chosen));
  return section;
}

/* The words have changed much since the clip was chosen. */
function drawCheck(scene) {
  const line = el("p", "check");
  const confirm = el("button", "", "It still fits", { type: "button", "aria-label": `The clip of scene ${scene.scene_number} still fits` });
  confirm.dataset.does = "confirm";
  line.append(el("b", "", "Check"), " The scene says something else now than when its clip was chosen. ", confirm);
  return line;
}

function drawSearch(scene, { sources }) {
  const form = el("form", "search");
  const query = el("input", "query", null, {
    type: "text",
    "aria-label": `What scene ${scene.scene_number} should show`,
    placeholder: "What should be seen?",
  });
  query.value = query.dataset.base = scene.query;
  form.append(query, el("button", "", "Find clips", { type: "submit" }));
  form.append(drawUpload(scene));
  form.append(drawWishes(scene, sources));
  form.onsubmit = (event) => {
    event.preventDefault();
    search(scene, { query: query.value });
  };
  return form;
}

/* Whom to ask, and for what. */
function drawWishes(scene, sources) {
  const wish = wishOf(scene);
  const box = el("div", "wishes");
  if (sources.length > 1) {
    const details = el("details", "sources");
    const summary = el("summary", "", "", { "aria-label": `Sources for scene ${scene.scene_number}` });
    const list = el("div", "source-list");
    for (const source of sources) list.append(drawSource(source, wish, () => told()));
    const told = () => {
      const titles = sources.filter((one) => wish.sources.has(one.name)).map((one) => one.title);
      summary.textContent = `Sources: ${titles.length ? titles.join(", ") : "every one that can"}`;
    };
    told();
    details.append(summary, list);
    box.append(details);
  }
  const free = el("label", "field", "");
  const tick = el("input", "reusable", null, { type: "checkbox" });
  tick.checked = wish.reusable;
  tick.onchange = () => { wish.reusable = tick.checked; };
  free.append(tick, "Only free to reuse");
  box.append(free);
  return box;
}

function drawSource(source, wish, changed) {
  const label = el("label", "source");
  const tick = el("input", "", null, { type: "checkbox", value: source.name });
  tick.checked = wish.sources.has(source.name);
  tick.disabled = Boolean(source.needs);
  tick.onchange = () => {
    if (tick.checked) wish.sources.add(source.name);
    else wish.sources.delete(source.name);
    changed();
  };
  label.append(tick, el("span", "", source.title));
  if (source.needs) label.append(el("small", "", source.needs));
  return label;
}

function wishOf(scene) {
  const key = scene.scene_number;
  if (!wishes.has(key)) wishes.set(key, { sources: new Set(), reusable: scene.reusable });
  return wishes.get(key);
}

function drawUpload(scene) {
  const file = el("input", "", null, { type: "file", accept: "video/*,image/*,.mkv,.mts,.m2ts", "aria-label": `A file of yours for scene ${scene.scene_number}` });
  file.hidden = true;
  const button = el("button", "own-file", "Use a file of mine…", { type: "button" });
  button.onclick = () => file.click();
  file.onchange = () => bring(scene, file);
  const both = el("span", "own-clip");
  both.append(button, file);
  return both;
}

async function bring(scene, file) {
  const [chosen] = file.files;
  file.value = "";
  if (!chosen) return;
  const section = root.querySelector(`section[data-scene="${scene.scene_number}"]`);
  busy(section, "Bringing your file here…");
  try {
    const { path } = await upload(chosen);
    trigger("footage", { scene_number: scene.scene_number, path, name: chosen.name });
  } catch {
    busy(section, "It could not be brought here. Is it larger than 500 MB?");
  }
}

/* What a search has to say besides its clips, and what to try next. */
function drawNews(scene) {
  const lines = scene.failures.map((failure) => el("p", "hint failed", failure.message.includes(failure.title) ? failure.message : `${failure.title}: ${failure.message}`));
  if (!scene.asked) lines.push(el("p", "hint", "No clips suggested yet."));
  else if (!scene.clips.some((clip) => clip.kind !== "illustration" && !clip.guess)) {
    lines.push(el("p", "hint", scene.clips.length ? "Nothing fits these words well. Try others, another source, or a file of yours." : "Nothing was found. Try other words, another source, or a file of yours."));
  }
  if (scene.broader.length) {
    const row = el("p", "broader", "Try instead: ");
    for (const words of scene.broader) {
      const button = el("button", "", words, { type: "button" });
      button.onclick = () => search(scene, { query: words });
      row.append(button);
    }
    lines.push(row);
  }
  return lines;
}

function drawClips(scene, titleId) {
  const grid = el("div", "grid", null, { role: "radiogroup", "aria-labelledby": titleId });
  grid.append(...scene.clips.map((clip) => clipCards.make(scene, clip)));
  return grid;
}

function busy(section, text) {
  section.dataset.busy = "1";
  section.querySelector(".state").textContent = text;
}

function search(scene, { query = "", like = "" }) {
  const wish = wishOf(scene);
  busy(root.querySelector(`section[data-scene="${scene.scene_number}"]`), "Searching…");
  trigger("search", {
    scene_number: scene.scene_number,
    query,
    like,
    source: [...wish.sources].join(","),
    reusable: wish.reusable,
  });
}

function choose(section) {
  const radio = section.querySelector("input[type=radio]:checked");
  if (!radio) return;
  section.querySelector(".state").textContent = "✓ chosen";
  const level = section.querySelector(".sound")?.value;
  trigger("pick", {
    scene_number: Number(section.dataset.scene),
    clip_id: radio.value,
    start_seconds: Number(section.querySelector(".start")?.value || 0),
    fit: section.querySelector(".fit")?.value || "crop",
    sound_level_db: level ? Number(level) : null,
  });
}

const ACTS = {
  why(button) {
    const list = button.parentElement.querySelector(".reasons");
    list.hidden = !list.hidden;
    button.setAttribute("aria-expanded", String(!list.hidden));
  },
  like: (button, scene) => search(scene, { like: button.closest(".clip").dataset.clip }),
  part: (_, scene) => trigger("part", { scene_number: scene.scene_number }),
  confirm: (_, scene) => trigger("confirm", { scene_number: scene.scene_number }),
  fetch: (_, scene) => trigger("bring", { scene_number: scene.scene_number, else_next: false }),
  next: (_, scene) => trigger("bring", { scene_number: scene.scene_number, else_next: true }),
};

root.addEventListener("change", (event) => {
  const section = event.target.closest("section");
  if (!section || !event.target.matches("input[type=radio], .start, .place, .fit, .sound")) return;
  if (event.target.type === "radio") section.querySelector(".chosen-clip")?.remove();
  choose(section);
});

root.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-does]");
  if (!button) return;
  event.preventDefault();
  const number = Number(button.closest("section").dataset.scene);
  ACTS[button.dataset.does](button, shown.scenes.find((scene) => scene.scene_number === number));
});

/* After a failure the page shows what the database says, not what was clicked. */
document.addEventListener("aiv:board-failed", () => {
  seen.clear();
  clipCards.failed();
  chosenClip.failed();
  draw();
});

clipCards.listen(root);
chosenClip.listen(root);
watch("value", receive);
receive();
