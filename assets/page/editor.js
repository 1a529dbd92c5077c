/* The script editor. Given by Gradio: element, props, trigger, watch.
   value: {project_id, scenes: [{scene_id, text, visual_query, pause_seconds, voice_id, level_db, audio,
           seconds, error}], limit, most, saved}
   What is typed here is never overwritten: while it differs from what the server knows, the
   server's news waits, and a draft is kept for a reload. */
const root = element.querySelector(".editor");
const { el, clock, remember, recall } = window.aiv;
const PATIENCE = 1200; // ms without typing before it is saved
const player = new Audio();

let project = null; // whose scenes are shown
let base = "[]"; // what the server knows, as JSON of drafts
let pending = null; // {token, cards, drafts}: a save on its way
let timer = 0;

const bar = el("div", "bar");
const sum = el("span", "sum");
const status = el("span", "status", "", { role: "status" });
const discard = button("Discard changes", "quiet", () => {
  remember(sessionStorage, draftName(), null);
  settle(props.value, true);
});
const save = button("Save", "primary", () => send(true));
bar.append(sum, status, discard, save);
const list = el("div", "scenes");
const add = button("Add a scene", "add", () => {
  const card = makeCard({ text: "" });
  list.append(card);
  changed();
  card.querySelector("textarea").focus();
});
root.replaceChildren(bar, list, add);

function button(text, classes, act) {
  const node = el("button", classes, text, { type: "button" });
  node.onclick = act;
  return node;
}

function cards() {
  return [...list.querySelectorAll(":scope > section")];
}

function draftOf(card) {
  return {
    scene_id: card.dataset.scene || null,
    text: card.querySelector("textarea").value,
    visual_query: card.querySelector(".query").value,
    pause_seconds: Number(card.querySelector(".pause").value) || 0,
    level_db: Number(card.querySelector(".level").value) || 0,
    voice_id: card.dataset.voice || null,
  };
}

function known(scene) {
  return {
    scene_id: scene.scene_id || null,
    text: scene.text,
    visual_query: scene.visual_query || "",
    pause_seconds: scene.pause_seconds ?? 0.35,
    level_db: scene.level_db ?? 0,
    voice_id: scene.voice_id || null,
  };
}

const drafts = () => JSON.stringify(cards().map(draftOf));
const dirty = () => drafts() !== base;
const draftName = () => `aivideo.draft.${project}`;

function makeCard(scene) {
  const card = el("section", "scene");
  const head = el("div", "head");
  const label = el("label");
  head.append(label, el("span", "length"), el("span", "problem"), el("span", "tools"));
  const text = el("textarea", "", null, { rows: "2" });
  text.value = scene.text || "";
  const foot = el("div", "foot");
  foot.append(
    field("Picture", "query", { type: "text", placeholder: "a few concrete words" }, scene.visual_query || ""),
    field("Pause after, s", "pause", { type: "number", min: "0", max: "10", step: "0.05" }, scene.pause_seconds ?? 0.35),
    field("Louder by, dB", "level", { type: "number", min: "-24", max: "12", step: "1" }, scene.level_db ?? 0),
  );
  card.append(head, text, foot);
  card.querySelector(".tools").append(...makeTools(card));
  card.dataset.voice = scene.voice_id || "";
  name(card, scene.scene_id);
  hearable(card, scene);
  return card;
}

function field(caption, classes, attributes, value) {
  const label = el("label", `field ${classes}-field`, caption);
  const input = el("input", classes, null, attributes);
  input.value = value;
  label.append(input);
  return label;
}

function makeTools(card) {
  const hear = button("▶", "hear", () => {
    player.src = card.dataset.audio;
    player.play();
  });
  const up = button("↑", "up", () => move(card, -1));
  const down = button("↓", "down", () => move(card, 1));
  const remove = button("Delete", "remove", () => {
    if (remove.dataset.sure) {
      card.remove();
      changed();
      return;
    }
    remove.dataset.sure = "1";
    remove.textContent = "Really delete?";
    setTimeout(() => {
      delete remove.dataset.sure;
      remove.textContent = "Delete";
    }, 3000);
  });
  return [hear, up, down, remove];
}

function name(card, sceneId) {
  card.dataset.scene = sceneId || "";
}

function hearable(card, scene) {
  card.dataset.audio = scene.audio || "";
  card.dataset.spoken = scene.audio ? scene.text : "";
  card.dataset.seconds = scene.seconds || "";
  card.querySelector(".problem").textContent = scene.error || "";
}

function move(card, step) {
  const all = cards();
  const other = all[all.indexOf(card) + step];
  if (!other) return;
  if (step < 0) list.insertBefore(card, other);
  else list.insertBefore(other, card);
  changed();
  card.querySelector(step < 0 ? ".up" : ".down").focus();
}

/* Everything that follows from what is written: numbers, lengths, what can be pressed. */
function tell() {
  const all = cards();
  const { limit = 2000, most = 200 } = props.value || {};
  let seconds = 0;
  all.forEach((card, index) => {
    const text = card.querySelector("textarea");
    const shown = text.value.replace(/\[\s*pause(?:[\s:=]+[^\]]*\d[^\]]*)?\s*\]/gi, " ");
    const words = shown.trim() ? shown.trim().split(/\s+/).length : 0;
    const fresh = card.dataset.audio && card.dataset.spoken === text.value;
    const lasts = fresh ? Number(card.dataset.seconds) : words / 2.5;
    seconds += lasts + Number(card.querySelector(".pause").value || 0);
    const title = card.querySelector(".head label");
    text.id = `scene-text-${index + 1}`;
    title.htmlFor = text.id;
    title.textContent = `Scene ${index + 1}`;
    const length = card.querySelector(".length");
    const over = [...shown].length > limit;
    length.textContent = over
      ? `${[...shown].length} of ${limit} characters: split it`
      : `${words} words, ${fresh ? "" : "about "}${clock(lasts)}`;
    length.classList.toggle("over", over);
    card.querySelector(".hear").hidden = !fresh;
    card.querySelector(".up").disabled = index === 0;
    card.querySelector(".down").disabled = index === all.length - 1;
    for (const [tool, label] of [["hear", "Hear"], ["up", "Move up"], ["down", "Move down"], ["remove", "Delete"]]) {
      card.querySelector(`.${tool}`).setAttribute("aria-label", `${label} scene ${index + 1}`);
    }
    fit(text);
  });
  sum.textContent = all.length ? `${all.length} ${all.length === 1 ? "scene" : "scenes"}, about ${clock(seconds)}` : "";
  add.disabled = all.length >= most || !project;
  const different = dirty();
  save.disabled = !different;
  discard.hidden = !different;
  list.classList.toggle("none", !all.length);
  list.classList.toggle("writing", Boolean(props.value?.writing));
}

function fit(text) {
  text.style.height = "auto";
  if (text.scrollHeight) text.style.height = `${text.scrollHeight + 2}px`;
}

function changed() {
  tell();
  if (!dirty()) {
    remember(sessionStorage, draftName(), null);
    say("");
    return;
  }
  remember(sessionStorage, draftName(), drafts());
  say("Not saved yet");
  clearTimeout(timer);
  timer = setTimeout(() => send(false), PATIENCE);
}

function say(text) {
  status.textContent = text;
}

/* Sends the whole script. By itself it waits for scenes to have words; asked to, it says so. */
function send(asked) {
  clearTimeout(timer);
  if (!dirty() || pending) return;
  if (!cards().length) {
    say("Not saved: a script needs at least one scene");
    return;
  }
  const empty = cards().findIndex((card) => !card.querySelector("textarea").value.trim());
  if (empty >= 0) {
    say(`Scene ${empty + 1} has no words: write some or delete it`);
    if (asked) cards()[empty].querySelector("textarea").focus();
    return;
  }
  pending = { token: `${Date.now()}`, cards: cards(), drafts: cards().map(draftOf) };
  say("Saving…");
  trigger("save", { token: pending.token, project_id: project, scenes: pending.drafts });
}

function draw() {
  const value = props.value;
  if (!value) return;
  if (value.project_id !== project) {
    settle(value, true);
    restore();
  } else if (pending && value.saved === pending.token) {
    accept(value);
  } else if (!dirty()) {
    settle(value, false);
  }
  tell();
}

/* The server has taken what was sent; new scenes learn their names. A card that was edited
   meanwhile keeps what is written in it and is sent again. */
function accept(value) {
  const sent = pending;
  pending = null;
  const now = sent.cards.map((card, index) => {
    const scene = value.scenes[index];
    if (!scene) return null;
    const untouched = JSON.stringify(draftOf(card)) === JSON.stringify(sent.drafts[index]);
    name(card, scene.scene_id);
    hearable(card, scene);
    if (untouched) fill(card, scene);
    return untouched ? draftOf(card) : known(scene);
  });
  base = JSON.stringify(now);
  changed();
  if (!dirty()) say("Saved");
}

/* Show exactly what the server knows; cards of scenes that stay keep their cursor. */
function settle(value, anew) {
  const have = new Map(cards().map((card) => [card.dataset.scene, card]));
  project = value.project_id;
  pending = null;
  const wanted = value.scenes.map((scene) => {
    const card = (!anew && have.get(scene.scene_id)) || makeCard(scene);
    fill(card, scene);
    hearable(card, scene);
    return card;
  });
  const same = wanted.length === list.children.length && wanted.every((card, index) => list.children[index] === card);
  if (!same) list.replaceChildren(...wanted);
  base = drafts();
  if (anew) say("");
  tell();
}

/* The server trims what it saves; where somebody is typing, a blank at the end is theirs. */
function fill(card, scene) {
  const { text, visual_query, pause_seconds, level_db } = known(scene);
  put(card.querySelector("textarea"), text);
  put(card.querySelector(".query"), visual_query);
  put(card.querySelector(".pause"), String(pause_seconds));
  put(card.querySelector(".level"), String(level_db));
}

function put(input, value) {
  const typing = document.activeElement === input && input.value.trim() === value;
  if (!typing && input.value !== value) input.value = value;
}

function restore() {
  const draft = recall(sessionStorage, draftName());
  if (!draft || draft === base) return;
  const spoken = new Map((props.value.scenes || []).map((scene) => [scene.scene_id, scene]));
  list.replaceChildren(
    ...JSON.parse(draft).map((scene) => makeCard({ ...spoken.get(scene.scene_id), ...scene })),
  );
  changed();
}

root.addEventListener("input", (event) => {
  if (event.target.closest("section")) changed();
});
root.addEventListener("focusout", (event) => {
  if (event.target.tagName === "TEXTAREA") send(false);
});
root.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!event.altKey || !step || event.target.tagName !== "TEXTAREA") return;
  event.preventDefault();
  const card = event.target.closest("section");
  move(card, step);
  event.target.focus();
});
document.addEventListener("aiv:save-failed", () => {
  pending = null;
  say("Not saved");
});
/* A text area measures zero while its tab is closed: measure again when it is seen. */
new IntersectionObserver(() => cards().forEach((card) => fit(card.querySelector("textarea")))).observe(root);

watch("value", draw);
draw();
