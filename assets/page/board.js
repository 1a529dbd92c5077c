/* The clip board: candidates per scene, one chosen. Given by Gradio: element, props, trigger, watch.
   value: {stamp, sources, fits, scenes: [{scene_number, text, query, seconds, clip_id,
           start_seconds, fit, sound_level_db, error, clips: [{clip_id, title, source, kind, thumbnail, preview,
           duration, size, licence, licence_url, author, url, guess}]}]} */
const root = element.querySelector(".board");
const { el, clock } = window.aiv;
const seen = new Map(); // what each scene's section was drawn from
const LEVELS = { "": "Off", "-24": "Faint, −24 dB", "-18": "Low, −18 dB", "-12": "Half, −12 dB", "-6": "Loud, −6 dB", "0": "As recorded" };
const FITS = { crop: "Crop to fill", blur: "Whole clip, blurred edges", contain: "Whole clip, bars" };

function draw() {
  const value = props.value || { scenes: [] };
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

/* A section that shows the same as before stays as it is, with its focus and its player. */
function sectionOf(scene, value) {
  const before = seen.get(scene.scene_number);
  const recipe = JSON.stringify([scene, value.sources]);
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
  section.append(title, el("p", "text", scene.text), drawSearch(scene, value));
  if (scene.error) section.append(el("p", "problem", scene.error));
  if (scene.clips.length) section.append(drawClips(scene, title.id));
  else section.append(el("p", "hint", "No clips suggested yet."));
  const chosen = scene.clips.find((clip) => clip.clip_id === scene.clip_id);
  if (chosen) section.append(drawChosen(scene, chosen));
  return section;
}

function drawSearch(scene, { sources }) {
  const form = el("form", "search");
  const query = el("input", "query", null, {
    type: "text",
    "aria-label": `What scene ${scene.scene_number} should show`,
    placeholder: "What should be seen?",
  });
  query.value = query.dataset.base = scene.query;
  form.append(query);
  if (sources.length > 1) form.append(chooser("source", "Source", { "": "Every source", ...named(sources) }, ""));
  form.append(el("button", "", "Find clips", { type: "submit" }));
  form.onsubmit = (event) => {
    event.preventDefault();
    const section = form.closest("section");
    section.dataset.busy = "1";
    section.querySelector(".state").textContent = "Searching…";
    trigger("search", {
      scene_number: scene.scene_number,
      query: query.value,
      source: form.querySelector(".source")?.value || "",
    });
  };
  return form;
}

function named(sources) {
  return Object.fromEntries(sources.map((source) => [source, source[0].toUpperCase() + source.slice(1)]));
}

function chooser(classes, caption, options, selected) {
  const select = el("select", classes, null, { "aria-label": caption });
  for (const [value, text] of Object.entries(options)) {
    const option = el("option", "", text);
    option.value = value;
    select.append(option);
  }
  select.value = selected;
  return select;
}

function drawClips(scene, titleId) {
  const grid = el("div", "grid", null, { role: "radiogroup", "aria-labelledby": titleId });
  grid.append(...scene.clips.map((clip) => drawClip(scene, clip)));
  return grid;
}

function drawClip(scene, clip) {
  const card = el("label", "clip");
  const radio = el("input", "", null, { type: "radio", name: `clip-of-${scene.scene_number}` });
  radio.value = clip.clip_id;
  radio.checked = clip.clip_id === scene.clip_id;
  const lasts = clip.duration ? clock(clip.duration) : clip.kind === "video" ? "" : "any length";
  radio.setAttribute("aria-label", [clip.title, lasts, clip.licence].filter(Boolean).join(", "));
  const screen = el("span", "screen");
  screen.append(picture(clip));
  if (clip.preview) {
    const play = el("button", "play", "▶", { type: "button", "aria-label": `Preview ${clip.title}` });
    play.dataset.preview = clip.preview;
    screen.append(play);
  }
  if (clip.guess) screen.append(el("span", "guess", "A guess", { title: "The words do not match well" }));
  screen.append(el("span", "tick", "✓", { "aria-hidden": "true" }));
  const words = el("span", "words");
  words.append(el("span", "title", clip.title, { title: clip.title }));
  words.append(el("small", "", [clip.source, lasts, clip.size].filter(Boolean).join(" · ")));
  words.append(
    clip.reusable
      ? el("small", "", clip.licence === "own" ? "your own" : clip.licence)
      : el("small", "doubt", `${clip.licence || "Licence unknown"}: look before you publish`),
  );
  card.append(radio, screen, words);
  return card;
}

function picture(clip) {
  if (!clip.thumbnail) return el("span", "blank", clip.kind === "video" ? "video" : clip.kind);
  return el("img", "", null, { src: clip.thumbnail, alt: "", loading: "lazy", decoding: "async", width: "320", height: "180" });
}

/* What can be decided about the chosen clip: where it starts and how it fills the frame. */
function drawChosen(scene, clip) {
  const row = el("div", "chosen");
  if (clip.kind === "video" && clip.duration) {
    const label = el("label", "field", "Starts at, s");
    const start = el("input", "start", null, { type: "number", min: "0", step: "0.1", max: String(Math.max(0, clip.duration - 0.1)) });
    start.value = scene.start_seconds;
    label.append(start);
    row.append(label);
  }
  const label = el("label", "field", "Frame");
  label.append(chooser("fit", "How the clip fills the frame", FITS, scene.fit));
  row.append(label);
  if (clip.kind === "video") row.append(drawSound(scene));
  if (clip.duration && scene.seconds && clip.duration - scene.start_seconds < scene.seconds && clip.kind === "video") {
    row.append(el("small", "", `The scene lasts ${clock(scene.seconds)}: the clip will be looped or slowed`));
  }
  if (clip.url) {
    const link = el("a", "", "Where it comes from", { href: clip.url, target: "_blank", rel: "noopener noreferrer" });
    if (/^https?:/.test(clip.url)) row.append(link);
  }
  return row;
}

/* How loud the clip's own sound is; a program may have set a level that is not among ours. */
function drawSound({ scene_number, sound_level_db }) {
  const level = sound_level_db === null || sound_level_db === undefined ? "" : String(sound_level_db);
  const known = level in LEVELS ? LEVELS : { ...LEVELS, [level]: `${level} dB` };
  const order = Object.keys(known).sort((a, b) => (a === "" ? -100 : Number(a)) - (b === "" ? -100 : Number(b)));
  const label = el("label", "field", "Its own sound");
  const select = el("select", "sound", null, { "aria-label": `Sound of the clip of scene ${scene_number}` });
  for (const value of order) {
    const option = el("option", "", known[value]);
    option.value = value;
    select.append(option);
  }
  select.value = level;
  label.append(select);
  return label;
}

function choose(section) {
  const radio = section.querySelector("input[type=radio]:checked");
  if (!radio) return;
  section.querySelector(".state").textContent = "✓ chosen";
  trigger("pick", {
    scene_number: Number(section.dataset.scene),
    clip_id: radio.value,
    start_seconds: Number(section.querySelector(".start")?.value || 0),
    fit: section.querySelector(".fit")?.value || "crop",
    sound_level_db: section.querySelector(".sound")?.value ? Number(section.querySelector(".sound").value) : null,
  });
}

root.addEventListener("change", (event) => {
  const section = event.target.closest("section");
  if (!section || !event.target.matches("input[type=radio], .start, .fit, .sound")) return;
  if (event.target.type === "radio") section.querySelector(".chosen")?.remove();
  choose(section);
});

root.addEventListener("click", (event) => {
  const play = event.target.closest("button.play");
  if (!play) return;
  event.preventDefault();
  const video = el("video", "", null, { src: play.dataset.preview, controls: "", autoplay: "", loop: "", playsinline: "" });
  video.muted = true;
  play.parentElement.querySelector("img, .blank")?.replaceWith(video);
  play.remove();
});

/* After a failure the page shows what the database says, not what was clicked. */
document.addEventListener("aiv:board-failed", () => {
  seen.clear();
  draw();
});

watch("value", draw);
draw();
