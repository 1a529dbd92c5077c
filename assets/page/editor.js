/* The script editor. Given by Gradio: element, props, trigger, watch; before it: merging.js,
   recording.js.
   value: {project_id, version, scenes: [{scene_id, text, visual_query, objects, pause_seconds, voice_id,
           level_db, locked, audio, seconds, proportional, recording, error}], pace, pause, limit,
           most, writing, so_far: [{text, visual_query}], rewriting, rewritten, versions:
           [{version_id, reason, created_at, scene_count, beginning}], has_reply, answers,
           refused, text}
   What is typed here is never overwritten: while it differs from what the server knows, the
   server's news is joined with it, and where both changed the same scene a person decides. */
const root = element.querySelector(".editor");
const { el, clock, remember, recall } = window.aiv;
const PATIENCE = 1200; // ms without typing before it is saved
const REGRET = 6000; // ms before a scene that was taken away is gone on the server, with its clip
const UNDOABLE = 50;
const REASONS = { written: "Written by the model", brought: "Pasted or uploaded", restored: "Restored", edited: "As edited until then" };
const player = new Audio();

let project = null; // whose scenes are shown
let base = "[]"; // what the server knows, as JSON of drafts
let seen = ""; // the version of that
let pending = null; // {token, kind, cards, drafts}: something on its way
let queued = null; // what is asked for when that is back
let dispute = null; // the value that both sides of a dispute are shown against
let timer = 0;
let patience = PATIENCE;
let uids = 0;
const undoable = []; // snapshots, the newest last
const ids = new Map(); // what a card that was taken away is called on the server

const bar = el("div", "bar");
const sum = el("span", "sum");
const status = el("span", "status", "", { role: "status" });
const undoing = button("↶ Undo", "undo", undo);
const discard = button("Discard changes", "quiet", () => {
  remember(sessionStorage, draftName(), null);
  settle(props.value, true);
});
const save = button("Save", "primary", () => send(true));
const choice = el("div", "choice", null, { role: "alertdialog", "aria-label": "Changed here and elsewhere" });
bar.append(sum, status, undoing, discard, save, choice);
const along = el("div", "along", null, { role: "region", "aria-label": "The script as it is being written", "aria-busy": "true" });
const list = el("div", "scenes");
const add = button("Add a scene", "add", () => insert(cards().at(-1)));
const bring = makeBring();
const history = makeHistory();
root.replaceChildren(bar, along, list, add, bring, history);

function button(text, classes, act) {
  const node = el("button", classes, text, { type: "button" });
  node.onclick = act;
  return node;
}

/* A name of which a narrow page shows the beginning. */
function longer(node, rest) {
  node.append(el("span", "rest", rest));
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
    objects: objectsOf(card),
    pause_seconds: Number(card.querySelector(".pause").value) || 0,
    level_db: Number(card.querySelector(".level").value) || 0,
    voice_id: card.dataset.voice || null,
    locked: card.dataset.locked === "true",
  };
}

/* What there is to see belongs to the words for the picture: other words take it away. */
function objectsOf(card) {
  const { query, names } = JSON.parse(card.dataset.objects);
  return card.querySelector(".query").value.trim() === query ? names : [];
}

function setObjects(card, scene) {
  card.dataset.objects = JSON.stringify({ query: (scene.visual_query || "").trim(), names: scene.objects || [] });
  tellObjects(card);
}

function tellObjects(card) {
  const names = objectsOf(card);
  card.querySelector(".objects").textContent = names.length ? `To see: ${names.join(", ")}` : "";
}

const usualPause = () => props.value?.pause ?? 0.35;

function known(scene) {
  return {
    scene_id: scene.scene_id || null,
    text: scene.text,
    visual_query: scene.visual_query || "",
    objects: scene.objects || [],
    pause_seconds: scene.pause_seconds ?? usualPause(),
    level_db: scene.level_db ?? 0,
    voice_id: scene.voice_id || null,
    locked: Boolean(scene.locked),
  };
}

const drafts = () => JSON.stringify(cards().map(draftOf));
const dirty = () => drafts() !== base;
const draftName = () => `aivideo.draft.${project}`;

/* Cards */

function makeCard(scene) {
  const card = el("section", "scene");
  const head = el("div", "head");
  head.append(el("label"), el("span", "length"), el("span", "problem"), el("span", "tools"));
  const text = el("textarea", "", null, { rows: "2" });
  text.value = scene.text || "";
  const foot = el("div", "foot");
  foot.append(
    field("Picture", "query", { type: "text", placeholder: "2 to 5 words for what is seen" }, scene.visual_query || ""),
    el("small", "objects", "", { title: "What a drawn picture shows. Other words for the picture replace it." }),
    field("Pause after, s", "pause", { type: "number", min: "0", max: "10", step: "0.05" }, scene.pause_seconds ?? usualPause()),
    field("Louder by, dB", "level", { type: "number", min: "-24", max: "12", step: "1" }, scene.level_db ?? 0),
  );
  const place = { number: (each) => cards().indexOf(each) + 1, after };
  card.append(head, text, foot, ownVoice.make(card, place, { el, button }), makeActions(card), makeRewriting(card));
  card.querySelector(".tools").append(...makeTools(card));
  card.dataset.voice = scene.voice_id || "";
  card.dataset.locked = String(Boolean(scene.locked));
  card.dataset.uid = scene.uid || `c${(uids += 1)}`;
  name(card, scene.scene_id);
  hearable(card, scene);
  setObjects(card, scene);
  card.querySelector(".query").addEventListener("input", () => tellObjects(card));
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
  const lock = button("", "lock", () => {
    checkpoint();
    card.dataset.locked = String(card.dataset.locked !== "true");
    changed();
  });
  const remove = button("Delete", "remove", () => {
    const number = cards().indexOf(card) + 1;
    checkpoint();
    card.remove();
    changed(REGRET);
    if (dirty()) say(`Scene ${number} deleted`);
    undoing.focus();
  });
  return [hear, up, down, lock, remove];
}

function makeActions(card) {
  const actions = el("div", "actions");
  actions.append(
    longer(button("Split", "split", () => split(card)), " at the cursor"),
    longer(button("Join", "join", () => join(card)), " with next"),
    longer(button("Insert", "insert", () => insert(card)), " below"),
    button("Rewrite…", "rewrite", () => {
      const box = card.querySelector(".rewriting");
      box.hidden = !box.hidden;
      if (!box.hidden) box.querySelector("input").focus();
    }),
    button("Own voice…", "own-voice", () => ownVoice.toggle(card)),
  );
  return actions;
}

function makeRewriting(card) {
  const box = el("div", "rewriting");
  const wish = el("input", "wish", null, { type: "text", maxlength: "300", placeholder: "or say how, such as: start with a question" });
  const go = button("Rewrite", "primary go", () => rewrite(card, wish.value));
  wish.onkeydown = (event) => {
    if (event.key === "Enter") rewrite(card, wish.value);
  };
  const quick = ["Shorter", "Longer", "Funnier"].map((each) => button(each, "quick", () => rewrite(card, each.toLowerCase())));
  box.append(...quick, wish, go);
  box.hidden = true;
  return box;
}

function name(card, sceneId) {
  card.dataset.scene = sceneId || "";
  if (sceneId) ids.set(card.dataset.uid, sceneId);
}

function hearable(card, scene) {
  card.dataset.audio = scene.audio || "";
  card.dataset.spoken = scene.audio ? scene.text : "";
  card.dataset.seconds = scene.seconds || "";
  card.querySelector(".problem").textContent = scene.error || "";
  ownVoice.show(card, scene, clock);
}

/* What can be done with scenes */

function move(card, step) {
  const all = cards();
  const other = all[all.indexOf(card) + step];
  if (!other) return;
  checkpoint();
  if (step < 0) list.insertBefore(card, other);
  else list.insertBefore(other, card);
  changed();
  card.querySelector(step < 0 ? ".up" : ".down").focus();
}

function insert(card) {
  if (add.disabled) return;
  checkpoint();
  const fresh = makeCard({ text: "" });
  if (card) card.after(fresh);
  else list.append(fresh);
  changed();
  fresh.querySelector("textarea").focus();
}

/* Where the cursor is, or else between the two sentences that are nearest to the middle. */
function parting(text) {
  const at = text.selectionStart;
  const inside = text.value.slice(0, at).trim() && text.value.slice(at).trim();
  if (inside) return at;
  const ends = [...text.value.matchAll(/[.!?…。！？]+["”’»)]*\s*(?=\S)/g)].map((found) => found.index + found[0].length);
  const middle = text.value.length / 2;
  return ends.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle))[0];
}

function split(card) {
  const text = card.querySelector("textarea");
  const at = parting(text);
  if (at === undefined) {
    say("Put the cursor where the scene should be split");
    text.focus();
    return;
  }
  checkpoint();
  const draft = draftOf(card);
  const rest = makeCard({ ...draft, scene_id: null, visual_query: "", objects: [], text: text.value.slice(at).trim() });
  text.value = text.value.slice(0, at).trim();
  card.after(rest);
  changed();
  const next = rest.querySelector("textarea");
  next.focus();
  next.setSelectionRange(0, 0);
}

function join(card) {
  const next = cards()[cards().indexOf(card) + 1];
  if (!next) return;
  checkpoint();
  const [one, other] = [card, next].map((each) => each.querySelector("textarea"));
  const at = one.value.trimEnd().length;
  one.value = `${one.value.trim()} ${other.value.trim()}`.trim();
  card.querySelector(".pause").value = next.querySelector(".pause").value;
  next.remove();
  changed(REGRET);
  one.focus();
  one.setSelectionRange(at, at);
}

/* The model writes what the server knows, so that is brought up to date first. */
function rewrite(card, wish) {
  if (!wish.trim()) {
    card.querySelector(".wish").focus();
    return;
  }
  after(() => {
    const number = cards().indexOf(card) + 1;
    if (!number || !card.dataset.scene) return;
    card.dataset.rewriting = String(props.value?.rewritten || 0);
    card.querySelector(".rewriting").hidden = true;
    say(`Scene ${number} is being rewritten…`);
    tell();
    trigger("rewrite", { scene_number: number, wish: wish.trim() });
  });
}

/* Do something when nothing is unsaved or on its way any more. */
function after(act) {
  if (!dirty() && !pending) {
    act();
    return;
  }
  queued = act;
  if (!pending) send(true);
}

/* Undo */

function snapshot() {
  return cards().map((card) => ({ uid: card.dataset.uid, ...draftOf(card) }));
}

function checkpoint() {
  undoable.push(snapshot());
  if (undoable.length > UNDOABLE) undoable.shift();
}

function undo() {
  const last = undoable.pop();
  if (!last) return;
  const there = new Set(JSON.parse(base).map((draft) => draft.scene_id));
  show(
    last.map((draft) => {
      const known = ids.get(draft.uid) || draft.scene_id;
      return { ...draft, scene_id: there.has(known) ? known : null };
    }),
  );
  changed();
}

/* Put these drafts on the page, with what the server says about those that it knows. */
function show(wanted) {
  const active = document.activeElement;
  const at = cards().findIndex((card) => card.contains(active));
  const spoken = new Map((props.value?.scenes || []).map((scene) => [scene.scene_id, scene]));
  list.replaceChildren(...wanted.map((draft) => makeCard({ ...spoken.get(draft.scene_id), ...draft })));
  for (const card of cards()) {
    const scene = spoken.get(card.dataset.scene);
    if (scene) hearable(card, scene);
  }
  const card = cards()[Math.min(at, cards().length - 1)];
  if (at >= 0 && active.tagName === "TEXTAREA") card?.querySelector("textarea").focus();
}

/* Everything that follows from what is written: numbers, lengths, what can be pressed. */
function tell() {
  const all = cards();
  const { limit = 2000, most = 200, pace = 2.5, writing = false, rewriting = false } = props.value || {};
  let seconds = 0;
  all.forEach((card, index) => {
    const text = card.querySelector("textarea");
    const shown = text.value.replace(/\[\s*pause(?:[\s:=]+[^\]]*\d[^\]]*)?\s*\]/gi, " ");
    const words = shown.trim() ? shown.trim().split(/\s+/).length : 0;
    const fresh = card.dataset.audio && card.dataset.spoken === text.value;
    const lasts = fresh || card.dataset.own ? Number(card.dataset.seconds) : words / pace;
    seconds += lasts + Number(card.querySelector(".pause").value || 0);
    const title = card.querySelector(".head label");
    text.id = `scene-text-${index + 1}`;
    title.htmlFor = text.id;
    title.textContent = `Scene ${index + 1}`;
    const length = card.querySelector(".length");
    const over = [...shown].length > limit;
    length.textContent = over
      ? `${[...shown].length} of ${limit} characters: split it`
      : `${words} ${words === 1 ? "word" : "words"}, ${fresh ? "" : "about "}${clock(lasts)}${fresh ? card.dataset.shared : ""}`;
    length.classList.toggle("over", over);
    limits(card, { first: index === 0, last: index === all.length - 1, full: all.length >= most, busy: writing || rewriting });
    card.querySelector(".hear").hidden = !fresh;
    for (const [tool, label] of [
      ["hear", "Hear"],
      ["up", "Move up"],
      ["down", "Move down"],
      ["lock", card.dataset.locked === "true" ? "Unlock" : "Lock"],
      ["remove", "Delete"],
      ["split", "Split"],
      ["join", "Join with next:"],
      ["insert", "Insert below"],
      ["rewrite", "Rewrite"],
      ["own-voice", "Own voice for"],
      ["own-choose", "Choose a recording for"],
      ["own-remove", "Remove the recording of"],
    ]) {
      card.querySelector(`.${tool}`).setAttribute("aria-label", `${label} scene ${index + 1}`);
    }
    card.querySelector(".wish").setAttribute("aria-label", `How to rewrite scene ${index + 1}`);
    fit(text);
  });
  sum.textContent = all.length ? `${all.length} ${all.length === 1 ? "scene" : "scenes"}, about ${clock(seconds)}` : "";
  add.disabled = all.length >= most || !project;
  const different = dirty();
  save.disabled = !different || Boolean(dispute);
  discard.hidden = !different;
  undoing.hidden = !undoable.length;
  list.classList.toggle("none", !all.length && along.hidden);
  list.classList.toggle("writing", Boolean(writing));
}

function limits(card, { first, last, full, busy }) {
  const locked = card.dataset.locked === "true";
  const rewriting = card.dataset.rewriting !== undefined;
  card.querySelector("textarea").readOnly = locked || rewriting;
  card.querySelector(".up").disabled = first;
  card.querySelector(".down").disabled = last;
  card.querySelector(".remove").disabled = rewriting;
  card.querySelector(".join").disabled = last || locked;
  card.querySelector(".split").disabled = full || locked;
  card.querySelector(".insert").disabled = full;
  card.querySelector(".rewrite").disabled = locked || rewriting;
  card.querySelectorAll(".rewriting button").forEach((each) => (each.disabled = locked || rewriting || busy));
  const lock = card.querySelector(".lock");
  lock.textContent = locked ? "✓ Locked" : "Lock";
  lock.title = locked ? "Its words stay when the script is written anew" : "Keep these words when the script is written anew";
  lock.setAttribute("aria-pressed", String(locked));
}

function fit(text) {
  text.style.height = "auto";
  if (text.scrollHeight) text.style.height = `${text.scrollHeight + 2}px`;
}

function changed(waiting = PATIENCE) {
  patience = waiting;
  tell();
  clearTimeout(timer);
  if (!dirty()) {
    remember(sessionStorage, draftName(), null);
    say("");
    return;
  }
  remember(sessionStorage, draftName(), JSON.stringify({ seen, base, drafts: drafts() }));
  say(dispute ? "Not saved: decide first" : "Not saved yet");
  timer = setTimeout(() => send(false), patience);
}

function say(text) {
  status.textContent = text;
}

/* Sending */

function ask(kind, event, what) {
  pending = { token: `${Date.now()}-${Math.random()}`, kind, ...what };
  trigger(event, { ...what.sent, token: pending.token, project_id: project });
}

/* Sends the whole script. By itself it waits for scenes to have words; asked to, it says so. */
function send(asked) {
  clearTimeout(timer);
  if (!dirty() || pending || dispute) return;
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
  const sent = cards().map(draftOf);
  say("Saving…");
  ask("save", "save", { cards: cards(), drafts: sent, sent: { scenes: sent, version: seen } });
}

function draw() {
  const value = props.value;
  if (!value) return;
  if (value.project_id !== project) {
    settle(value, true);
    restore(value);
  } else if (pending && value.answers === pending.token) {
    answered(value);
  } else if (!dirty()) {
    settle(value, false);
  } else if (value.version !== seen && !pending) {
    differ(value);
  }
  follow(value);
  tell();
}

function answered(value) {
  const { kind } = pending;
  if (kind === "save" && value.refused) {
    pending = null;
    differ(value);
  } else if (kind === "save") {
    accept(value);
  } else if (kind === "text") {
    pending = null;
    bring.box.value = value.text || "";
    bring.said(value.text ? "Look through it, change what you like, then make it the script." : "There is nothing to read in it.");
    if (!dirty()) settle(value, false);
  } else {
    settle(value, true);
    bring.box.value = kind === "bring" ? "" : bring.box.value;
    bring.said("");
    say(kind === "bring" ? "The script is here; the one before is under Earlier versions" : "Restored; the one before is under Earlier versions");
  }
  if (!pending && !dirty() && queued) {
    const act = queued;
    queued = null;
    act();
  }
}

/* The server has taken what was sent; new scenes learn their names. A card that was edited
   meanwhile keeps what is written in it and is sent again. */
function accept(value) {
  const sent = pending;
  pending = null;
  seen = value.version;
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
  if (anew) pending = null;
  decided();
  const rewritten = value.scenes.some((scene) => {
    const card = have.get(scene.scene_id);
    return card?.dataset.rewriting !== undefined && card && card.querySelector("textarea").value !== scene.text;
  });
  if (rewritten) checkpoint();
  if (anew || !value.scenes.some((scene) => have.has(scene.scene_id))) undoable.length = 0;
  const wanted = value.scenes.map((scene) => {
    const card = (!anew && have.get(scene.scene_id)) || makeCard(scene);
    fill(card, scene);
    hearable(card, scene);
    return card;
  });
  const same = wanted.length === list.children.length && wanted.every((card, index) => list.children[index] === card);
  if (!same) list.replaceChildren(...wanted);
  base = drafts();
  seen = value.version;
  if (anew) say("");
  if (rewritten) say("Rewritten. Undo brings the old words back.");
  tell();
}

/* The server trims what it saves; where somebody is typing, a blank at the end is theirs. */
function fill(card, scene) {
  const { text, visual_query, pause_seconds, level_db, voice_id, locked } = known(scene);
  put(card.querySelector("textarea"), text);
  put(card.querySelector(".query"), visual_query);
  setObjects(card, scene);
  put(card.querySelector(".pause"), String(pause_seconds));
  put(card.querySelector(".level"), String(level_db));
  card.dataset.voice = voice_id || "";
  card.dataset.locked = String(locked);
}

function put(input, value) {
  const typing = document.activeElement === input && input.value.trim() === value;
  if (!typing && input.value !== value) input.value = value;
}

/* A draft that outlived a reload; when the script was changed since, both are joined. */
function restore(value) {
  let draft = null;
  try {
    draft = JSON.parse(recall(sessionStorage, draftName()));
  } catch {
    return;
  }
  if (!draft?.drafts || draft.drafts === base) return;
  show(JSON.parse(draft.drafts));
  if (draft.seen === value.version) {
    changed();
    return;
  }
  [base, seen] = [draft.base, draft.seen];
  differ(value);
}

/* Somebody else has changed the script. What does not touch is joined; the rest is asked. */
function differ(value) {
  const [was, mine, theirs] = [JSON.parse(base), cards().map(draftOf), value.scenes.map(known)];
  const both = merging.disputed(was, mine, theirs);
  if (!both.length) {
    adopt(value, "mine");
    if (dirty()) say("Joined with what was changed elsewhere");
    return;
  }
  dispute = value;
  const numbers = both.map((id) => mine.findIndex((draft) => draft.scene_id === id) + 1 || "a deleted one");
  const options = [
    ["Keep mine", "mine"],
    ["Take theirs", "theirs"],
    ["Keep both", "both"],
  ].map(([label, which]) => button(label, which === "both" ? "primary" : "", () => adopt(dispute, which)));
  const shown = el("dl");
  both.slice(0, 4).forEach((id, index) => {
    const text = (side) => side.find((draft) => draft.scene_id === id)?.text ?? "(deleted)";
    shown.append(el("dt", "", `Scene ${numbers[index]}, yours`), el("dd", "", text(mine)), el("dt", "", "theirs"), el("dd", "", text(theirs)));
  });
  const scenes = numbers.length === 1 ? `Scene ${numbers[0]} was` : `Scenes ${numbers.join(", ")} were`;
  const row = el("div", "row");
  row.append(...options);
  choice.replaceChildren(el("p", "", `${scenes} changed here and elsewhere. Nothing is lost until you decide.`), shown, row);
  choice.hidden = false;
  changed();
}

function adopt(value, which) {
  const [was, mine, theirs] = [JSON.parse(base), cards().map(draftOf), value.scenes.map(known)];
  checkpoint();
  decided();
  show(merging.merge(was, mine, theirs, which));
  base = JSON.stringify(theirs);
  seen = value.version;
  changed();
}

function decided() {
  dispute = null;
  choice.hidden = true;
  choice.replaceChildren();
}

/* A whole script from elsewhere, and the scripts that were */

function makeBring() {
  const panel = el("details", "bring");
  const box = el("textarea", "", null, {
    rows: "6",
    "aria-label": "A whole script",
    placeholder: "Paste a script: one scene per paragraph, a screenplay, markdown, or the JSON of /get_script.",
  });
  const note = el("p", "note", "", { role: "status" });
  const file = el("input", "", null, { type: "file", accept: ".txt,.md,.markdown,.docx,.json", "aria-label": "A file with a script" });
  file.hidden = true;
  file.onchange = () => load(file);
  const choose = button("Choose a file…", "choose", () => file.click());
  const reply = button("What the model wrote last", "reply", () => ask("text", "reply", { sent: {} }));
  const use = button("", "primary use", () => take(use));
  const adds = button("Add to the end", "adds", () => take(null));
  const row = el("div", "row");
  row.append(choose, file, reply, adds, use);
  panel.append(el("summary", "", "Paste or upload a whole script"), box, note, row);
  return Object.assign(panel, { box, reply, use, adds, said: (text) => (note.textContent = text) });
}

function load(file) {
  const [chosen] = file.files;
  if (!chosen) return;
  const reader = new FileReader();
  reader.onload = () => {
    ask("text", "upload", { sent: { name: chosen.name, content: String(reader.result).split(",")[1] || "" } });
    file.value = "";
  };
  reader.onerror = () => bring.said("The file could not be read.");
  bring.said("Reading the file…");
  reader.readAsDataURL(chosen);
}

/* Replacing a script takes a second press; adding to it does not. */
function take(use) {
  const text = bring.box.value;
  if (!text.trim()) {
    bring.said("Paste a text or choose a file first.");
    bring.box.focus();
    return;
  }
  const count = cards().length;
  if (use && count && !use.dataset.sure) {
    use.dataset.sure = "1";
    use.textContent = `Really replace ${count} ${count === 1 ? "scene" : "scenes"}?`;
    bring.said("The script that is there can be restored from Earlier versions.");
    setTimeout(() => {
      delete use.dataset.sure;
      follow(props.value);
    }, 5000);
    return;
  }
  if (use) delete use.dataset.sure;
  after(() => ask("bring", "bring", { sent: { text, into: count ? (use ? "replace" : "add") : "empty" } }));
}

function makeHistory() {
  const panel = el("details", "history");
  const heading = el("summary");
  const rows = el("ul");
  panel.append(heading, rows);
  return Object.assign(panel, { heading, rows });
}

/* A script that is being written, to be read along: no scenes yet, so nothing to edit or to lose. */
function readAlong(value) {
  const written = value.so_far || [];
  const told = JSON.stringify([written, value.scenes.length]);
  if (along.dataset.told === told) return;
  along.dataset.told = told;
  along.hidden = !written.length;
  const place = value.scenes.length ? "It takes the place of the scenes below when it is complete; locked ones stay." : "It can be edited when it is complete.";
  const scenes = el("ol");
  scenes.append(
    ...written.map((draft) => {
      const row = el("li", "", draft.text);
      if (draft.visual_query) row.append(el("small", "", `Picture: ${draft.visual_query}`));
      return row;
    }),
  );
  const heading = el("p");
  heading.append(el("b", "", "Being written. "), place);
  along.replaceChildren(heading, scenes);
}

/* What stands around the scenes. */
function follow(value) {
  readAlong(value);
  const count = cards().length;
  if (!bring.use.dataset.sure) bring.use.textContent = count ? `Replace the ${count} ${count === 1 ? "scene" : "scenes"}` : "Make it the script";
  bring.adds.hidden = !count;
  bring.reply.hidden = !value.has_reply;
  for (const card of cards()) {
    if (card.dataset.rewriting === undefined || value.rewriting || value.rewritten <= Number(card.dataset.rewriting)) continue;
    delete card.dataset.rewriting;
    if (status.textContent.endsWith("rewritten…")) say("");
  }
  const versions = value.versions || [];
  history.hidden = !versions.length;
  history.heading.textContent = `Earlier versions (${versions.length})`;
  const told = JSON.stringify(versions);
  if (history.dataset.told === told) return;
  history.dataset.told = told;
  history.rows.replaceChildren(
    ...versions.map((version) => {
      const row = el("li");
      const when = new Date(version.created_at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
      const scenes = `${version.scene_count} ${version.scene_count === 1 ? "scene" : "scenes"}`;
      const words = el("span", "what");
      words.append(el("b", "", REASONS[version.reason] || version.reason), ` ${when}, ${scenes}`, el("small", "", version.beginning));
      const back = button("Restore", "back", () => after(() => ask("restore", "restore", { sent: { version_id: version.version_id } })));
      back.setAttribute("aria-label", `Restore the script of ${when}`);
      row.append(words, back);
      return row;
    }),
  );
}

root.addEventListener("input", (event) => {
  if (event.target.closest("section") && !event.target.closest(".rewriting")) changed();
});
root.addEventListener("focusout", (event) => {
  const left = !event.relatedTarget?.closest?.(".editor");
  if (left && patience === PATIENCE && event.target.tagName === "TEXTAREA" && event.target.closest("section")) send(false);
});
root.addEventListener("keydown", (event) => {
  const typing = ["TEXTAREA", "INPUT"].includes(event.target.tagName);
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.shiftKey && !typing && undoable.length) {
    event.preventDefault();
    undo();
  }
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!event.altKey || !step || event.target.tagName !== "TEXTAREA" || !event.target.closest("section")) return;
  event.preventDefault();
  move(event.target.closest("section"), step);
  event.target.focus();
});
document.addEventListener("aiv:save-failed", () => {
  pending = null;
  queued = null;
  cards().forEach((card) => delete card.dataset.rewriting);
  cards().forEach(ownVoice.settle);
  bring.said("");
  tell();
  say(dirty() ? "Not saved" : "");
});
/* A text area measures zero while its tab is closed: measure again when it is seen. */
new IntersectionObserver(() => cards().forEach((card) => fit(card.querySelector("textarea")))).observe(root);

choice.hidden = true;
along.hidden = true;
watch("value", draw);
draw();
