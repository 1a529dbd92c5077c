/* The quick look: plays the cut from proxies, narrations and cue times, without any render.
   Given by Gradio: element, props, trigger, watch.
   value: {project_id, size: [w, h], seconds, transition, captions, rendered, missing: [numbers],
           style: {font, font_file, scale, lit, plain, stays_lit, zoom, outline, glow, drop, veil,
           position}, layout: {size, bottom, side}, scenes: [{scene_number, text, start, seconds, fade, narration, level, proxy, poster,
           clip, problem, cues: [{start, end, lines: [[{text, start, joined}]]}]}]}
   Sound is the clock: narrations are scheduled on one audio context, and the pictures follow
   what it says has been heard. */
const root = element.querySelector(".quicklook");
const { el, clock } = window.aiv;
const AHEAD = 6; // seconds for which sound is scheduled, and pictures are loaded, in advance
const STEP = 2; // seconds that an arrow key moves
const DRIFT = 0.2; // seconds by which a picture may be off before it is set right at once
const OFFLINE = "Quick look: not rendered yet";

let cut = { scenes: [], seconds: 0, size: [16, 9], missing: [] };
let position = 0; // seconds into the cut, while it stands still
let playing = null; // {origin, scheduled: Map(scene -> source)}: what plays, and since when
let context = null; // the audio context, made by the first press of play
let asked = ""; // what the server was asked to prepare last
let shown = { cue: undefined, card: undefined }; // what the overlays were drawn from
const screens = new Map(); // proxy or poster address of a scene -> its element
const sounds = new Map(); // narration address -> promise of its decoded sound

// ---- what there is to see
const stage = el("div", "stage");
const pictures = el("div", "pictures", null, { "aria-hidden": "true" });
const card = el("div", "card", null, { hidden: "" });
const words = el("div", "words", null, { "aria-hidden": "true" });
const badge = el("span", "badge", OFFLINE);
const large = el("button", "large", "", { type: "button", "aria-label": "Play the quick look" });
large.append(icon("play"));
stage.append(pictures, card, words, badge, large);

const bar = el("div", "bar");
const play = el("button", "play", "", { type: "button" });
const time = el("span", "time");
const track = el("div", "track");
const marks = el("div", "marks", null, { "aria-hidden": "true" });
const seek = el("input", "seek", null, { type: "range", min: "0", max: "1", step: "0.01", "aria-label": "Place in the quick look" });
track.append(marks, seek);
const mute = el("button", "mute", "", { type: "button", "aria-pressed": "false" });
const full = el("button", "full", "", { type: "button", "aria-label": "Full screen" });
full.append(icon("full"));
bar.append(play, time, track, mute, full);
const said = el("p", "hint", "", { role: "status" });
root.setAttribute("role", "group");
root.setAttribute("aria-label", OFFLINE);
root.replaceChildren(stage, bar, said);

function icon(name) {
  const paths = {
    play: "M8 5v14l11-7z",
    pause: "M7 5h4v14H7zM13 5h4v14h-4z",
    sound: "M4 9v6h4l5 5V4L8 9zM16 8.5a4.5 4.5 0 0 1 0 7M18.5 6a8 8 0 0 1 0 12",
    mute: "M4 9v6h4l5 5V4L8 9zM16 9l6 6M22 9l-6 6",
    full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  };
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", name);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

// ---- the clock
const now = () => (context ? context.currentTime : performance.now() / 1000);
/* What a person hears at this moment left the clock a while ago, with wireless sound audibly so. */
const heard = () => now() - (context?.outputLatency || 0);
const runs = () => Boolean(playing) && playing.origin !== Infinity;
const at = () => (runs() ? Math.min(cut.seconds, Math.max(0, heard() - playing.origin)) : position);

function sceneAt(seconds) {
  const index = cut.scenes.findLastIndex((scene) => scene.start <= seconds + 1e-3);
  return Math.max(0, index);
}

async function start() {
  if (playing || !cut.scenes.length) return;
  if (position >= cut.seconds - 0.05) position = 0;
  open();
  const here = (playing = { origin: Infinity, scheduled: new Map() });
  draw();
  await Promise.race([
    Promise.all([context?.resume(), sound(cut.scenes[sceneAt(position)]), settled(sceneAt(position))]),
    new Promise((done) => setTimeout(done, 1500)), // sooner without its sound than not at all
  ]);
  if (playing !== here) return;
  playing.origin = now() - position;
  schedule();
  draw();
}

function stop(to = at()) {
  for (const source of playing?.scheduled.values() ?? []) source?.stop?.();
  playing = null;
  position = Math.min(cut.seconds, Math.max(0, to));
  draw();
}

function jump(to) {
  const went = Boolean(playing);
  stop(to);
  if (went) start();
}

const toggle = () => (playing ? stop() : start());

// ---- sound
function open() {
  if (context || !window.AudioContext) return;
  context = new AudioContext();
  context.volume = context.createGain();
  context.volume.gain.value = muted() ? 0 : 1;
  context.volume.connect(context.destination);
}

function sound(scene) {
  if (!context || !scene?.narration) return Promise.resolve(null);
  if (!sounds.has(scene.narration)) {
    const decoded = fetch(scene.narration)
      .then((answer) => answer.arrayBuffer())
      .then((bytes) => context.decodeAudioData(bytes))
      .catch(() => null); // a scene without sound is still worth seeing
    sounds.set(scene.narration, decoded);
  }
  return sounds.get(scene.narration);
}

/* Every narration that begins soon is put on the clock at its exact place. */
function schedule() {
  const from = at();
  for (const scene of cut.scenes) {
    const soon = scene.start < from + AHEAD && scene.start + scene.seconds > from;
    if (!soon || !playing || playing.scheduled.has(scene.scene_number)) continue;
    const here = playing;
    here.scheduled.set(scene.scene_number, null);
    sound(scene).then((buffer) => {
      if (!buffer || playing !== here) return;
      const source = context.createBufferSource();
      const gain = context.createGain();
      source.buffer = buffer;
      gain.gain.value = 10 ** ((scene.level || 0) / 20);
      source.connect(gain).connect(context.volume);
      const begins = here.origin + scene.start;
      const late = Math.max(0, now() - begins);
      if (late < buffer.duration) source.start(Math.max(now(), begins), late);
      here.scheduled.set(scene.scene_number, source);
    });
  }
  const near = new Set(cut.scenes.filter((s) => Math.abs(s.start - from) < 60).map((s) => s.narration));
  for (const address of sounds.keys()) if (!near.has(address)) sounds.delete(address);
}

const muted = () => mute.getAttribute("aria-pressed") === "true";

// ---- pictures
function screenOf(scene) {
  const address = scene.proxy || scene.poster;
  if (!address) return null;
  const key = `${scene.scene_number} ${address}`;
  if (!screens.has(key)) {
    const screen = scene.proxy
      ? el("video", "", null, { src: address, preload: "auto", playsinline: "", tabindex: "-1", disablepictureinpicture: "" })
      : el("img", "", null, { src: address, alt: "" });
    screen.muted = true;
    for (const name of ["loadeddata", "seeked"]) screen.addEventListener(name, () => playing || draw());
    screens.set(key, screen);
    pictures.append(screen);
  }
  return screens.get(key);
}

/* A scene's picture is there, or cannot be had. */
function settled(index) {
  const screen = cut.scenes[index] && screenOf(cut.scenes[index]);
  if (screen?.tagName !== "VIDEO" || screen.readyState >= 2) return Promise.resolve();
  return new Promise((done) => {
    for (const name of ["loadeddata", "error"]) screen.addEventListener(name, done, { once: true });
  });
}

/* Set a picture to its time: run with the clock while it plays, stand where it stands else. */
function follow(screen, seconds, moves) {
  if (screen.tagName !== "VIDEO" || !screen.readyState) return;
  const last = Math.max(0, (screen.duration || 0) - 0.02);
  const wanted = Math.min(Math.max(0, seconds), last);
  const off = screen.currentTime - wanted;
  if (!moves || wanted === 0 || wanted === last) {
    if (!screen.paused) screen.pause();
    if (Math.abs(off) > 0.03 && !screen.seeking) screen.currentTime = wanted;
    return;
  }
  if (Math.abs(off) > DRIFT && !screen.seeking) screen.currentTime = wanted;
  screen.playbackRate = Math.min(1.15, Math.max(0.85, 1 - off));
  if (screen.paused) screen.play().catch(() => {});
}

function drawPictures(seconds) {
  const index = sceneAt(seconds);
  const needed = new Set();
  const opacity = opacities(seconds, index);
  for (const near of [index - 1, index, index + 1]) {
    const scene = cut.scenes[near];
    const screen = scene && screenOf(scene);
    if (!screen) continue;
    needed.add(screen);
    const seen = opacity.get(near) ?? 0;
    screen.style.opacity = seen;
    screen.style.zIndex = near;
    follow(screen, seconds - scene.start, runs() && (seen > 0 || near === index));
  }
  for (const [key, screen] of screens) {
    if (needed.has(screen)) continue;
    screen.removeAttribute("src");
    screen.load?.();
    screen.remove();
    screens.delete(key);
  }
}

/* How much is seen of the scene at hand and of its neighbours, in and outside a transition:
   half of one lies before the cut and half behind it. */
function opacities(seconds, index) {
  for (const incoming of [index, index + 1]) {
    const scene = cut.scenes[incoming];
    if (!scene?.fade || incoming === 0) continue;
    const done = (seconds - scene.start) / scene.fade + 0.5;
    if (done <= 0 || done >= 1) continue;
    return cut.transition === "fade"
      ? new Map([[incoming - 1, Math.max(0, 1 - 2 * done)], [incoming, Math.max(0, 2 * done - 1)]])
      : new Map([[incoming - 1, 1], [incoming, done]]);
  }
  return new Map([[index, 1]]);
}

// ---- words
function drawWords(seconds) {
  const scene = cut.scenes[sceneAt(seconds)];
  const bare = scene && !scene.proxy;
  const inside = scene ? seconds - scene.start : 0;
  const spoken = cut.captions && !bare ? scene?.cues.find((one) => one.start <= inside && inside < one.end) : null;
  const cue = spoken ?? null;
  if (cue !== shown.cue) {
    shown.cue = cue;
    words.replaceChildren(...(cue ? [writeCue(cue)] : []));
  }
  if (cue) lightUp(inside);
  if ((bare ? scene : null) !== shown.card) {
    shown.card = bare ? scene : null;
    card.hidden = !bare;
    card.replaceChildren(...(bare ? writeCard(scene) : []));
    card.classList.toggle("over", Boolean(bare && scene.poster));
  }
}

function writeCue(cue) {
  const text = el("div", "cue", null, { dir: "auto" });
  for (const line of cue.lines) {
    const row = el("div", "line");
    line.forEach((piece, index) => {
      if (index && !piece.joined) row.append(" ");
      const word = el("span", "word", piece.text);
      word.dataset.start = piece.start;
      row.append(word);
    });
    text.append(row);
  }
  return text;
}

function lightUp(inside) {
  const all = [...words.querySelectorAll(".word")];
  const lit = all.findLastIndex((word, index) => index === 0 || Number(word.dataset.start) <= inside + 1e-3);
  all.forEach((word, index) => {
    word.classList.toggle("lit", index === lit);
    word.classList.toggle("past", index < lit);
  });
}

function writeCard(scene) {
  const reason = scene.problem || (scene.clip ? "Its clip is being prepared" : "No clip chosen yet");
  return [
    el("b", "", `Scene ${scene.scene_number}`),
    el("p", "", scene.text, { dir: "auto" }),
    el("small", scene.problem ? "problem" : "", reason),
  ];
}

// ---- everything
function draw() {
  const seconds = at();
  drawPictures(seconds);
  drawWords(seconds);
  const running = Boolean(playing);
  if (root.dataset.running !== String(running)) {
    root.dataset.running = running;
    play.replaceChildren(icon(running ? "pause" : "play"));
    play.setAttribute("aria-label", running ? "Pause the quick look" : "Play the quick look");
    large.hidden = running;
  }
  const text = `${clock(seconds)} / ${clock(cut.seconds)}`;
  if (time.textContent !== text) time.textContent = text;
  if (document.activeElement !== seek || running) seek.value = seconds;
  seek.setAttribute("aria-valuetext", `${clock(seconds)} of ${clock(cut.seconds)}, scene ${sceneAt(seconds) + 1}`);
  seek.style.setProperty("--done", `${(100 * seconds) / (cut.seconds || 1)}%`);
}

function tick() {
  if (!runs() || !root.isConnected) return;
  if (at() >= cut.seconds) stop(cut.seconds);
  else draw();
}

function animate() {
  tick();
  if (root.isConnected) requestAnimationFrame(animate);
}

/* What the server knows now; where we are in it stays, and so does whether it plays. */
function take() {
  const value = props.value;
  const other = value?.project_id !== cut.project_id;
  const went = Boolean(playing);
  const moved = other || JSON.stringify(timing(value)) !== JSON.stringify(timing(cut));
  if (moved) stop(other ? 0 : at());
  cut = value?.scenes ? value : { scenes: [], seconds: 0, size: [16, 9], missing: [] };
  shown = { cue: undefined, card: undefined };
  root.hidden = !cut.scenes.length;
  stage.style.setProperty("--wide", cut.size[0]);
  stage.style.setProperty("--high", cut.size[1]);
  dress();
  seek.max = cut.seconds;
  marks.replaceChildren(
    ...cut.scenes.slice(1).map((scene) => {
      const mark = el("i");
      mark.style.left = `${(100 * scene.start) / cut.seconds}%`;
      return mark;
    }),
  );
  said.textContent = tell();
  badge.textContent = cut.rendered ? "Quick look: the cut as it stands now" : OFFLINE;
  position = Math.min(position, cut.seconds);
  if (moved && went && !other) start();
  draw();
  ask();
}

const timing = (value) => (value?.scenes || []).map((scene) => [scene.start, scene.narration, scene.level]);

/* Captions about as they will be burned in: sizes are parts of the picture's height. */
function dress() {
  const { style = {}, layout = {} } = cut;
  words.dataset.position = style.position || "bottom";
  words.dataset.stays = Boolean(style.stays_lit);
  const lengths = { size: (layout.size || 0.06) * (style.scale || 1), edge: layout.bottom, side: layout.side };
  for (const [name, value] of Object.entries({ ...style, ...lengths })) {
    if (typeof value === "number" || /^#\w{6}$/.test(value)) words.style.setProperty(`--${name}`, value);
  }
  words.style.fontFamily = style.font ? `"${face(style.font)}", system-ui, sans-serif` : "";
  if (style.font && style.font_file) load(face(style.font), style.font_file);
}

/* A name of our own, so that no other font of this name stands in. */
const face = (name) => `aiv ${name.replace(/[^\w ]/g, "")}`;

function load(name, address) {
  if ([...document.fonts].some((font) => font.family.replaceAll('"', "") === name)) return;
  const font = new FontFace(name, `url("${address}")`, { weight: "100 900" });
  document.fonts.add(font);
  font.load().catch(() => {}); // then another font stands in
}

function tell() {
  const scenes = cut.scenes.length;
  if (!scenes) return "";
  const bare = cut.scenes.filter((scene) => !scene.clip).length;
  const silent = cut.scenes.filter((scene) => !scene.narration).length;
  const parts = [];
  if (cut.missing.length) parts.push(`Preparing ${cut.missing.length} of ${scenes} scenes; what is ready can be played`);
  if (bare) parts.push(`${bare} ${bare === 1 ? "scene has" : "scenes have"} no clip yet`);
  if (silent) parts.push(`${silent} ${silent === 1 ? "scene is" : "scenes are"} not spoken yet, so lengths are a guess`);
  return parts.length ? `${parts.join(". ")}.` : "Pictures are small copies; music and the clips' own sound are only in the video.";
}

/* Have what is missing made, once for each state of the cut, and only when somebody looks. */
function ask() {
  const state = JSON.stringify([cut.project_id, cut.missing]);
  const hidden = !root.offsetParent;
  if (hidden || !cut.missing.length || state === asked) return;
  asked = state;
  trigger("prepare", { project_id: cut.project_id });
}

// ---- hands
large.onclick = () => toggle();
play.onclick = () => toggle();
stage.onclick = (event) => {
  if (event.target.closest("button")) return;
  toggle();
};
seek.oninput = () => jump(Number(seek.value));
function drawMute() {
  mute.replaceChildren(icon(muted() ? "mute" : "sound"));
  mute.setAttribute("aria-label", muted() ? "Sound on" : "Sound off");
}
mute.onclick = () => {
  mute.setAttribute("aria-pressed", String(!muted()));
  if (context) context.volume.gain.value = muted() ? 0 : 1;
  drawMute();
};
full.hidden = !stage.requestFullscreen;
full.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
root.addEventListener("keydown", (event) => {
  const onButton = event.target.closest("button");
  const scene = sceneAt(at());
  const keys = {
    " ": () => toggle(),
    k: () => toggle(),
    m: () => mute.click(),
    ArrowLeft: () => jump(at() - STEP),
    ArrowRight: () => jump(at() + STEP),
    ArrowUp: () => jump(cut.scenes[Math.max(0, scene - 1)].start),
    ArrowDown: () => jump(cut.scenes[scene + 1]?.start ?? cut.seconds),
    Home: () => jump(0),
    End: () => jump(cut.seconds),
  };
  const act = keys[event.key];
  if (!act || !cut.scenes.length || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === " " && onButton) return; // a button answers to the space bar itself
  event.preventDefault();
  event.stopPropagation();
  act();
});
stage.tabIndex = -1;

new IntersectionObserver((seen) => {
  if (seen.some((one) => one.isIntersecting)) ask();
  else if (playing && !root.offsetParent) stop(); // another tab was opened
}).observe(root);
setInterval(() => {
  if (!runs() || !root.isConnected) return;
  if (context?.state === "suspended") stop();
  else schedule();
}, 500);

drawMute();
watch("value", take);
take();
requestAnimationFrame(animate);
