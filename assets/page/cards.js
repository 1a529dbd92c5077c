/* The cards of the clip board: one candidate each, its small film while it is looked at, and why
   it stands where it stands. After it: board.js. Given by Gradio: trigger. */
const clipCards = (() => {
  const { el, clock, link } = window.aiv;
  const films = new Map(); // clip id -> address of its small film, "" when it has none
  const asked = new Set(); // clips whose film is on its way
  const LOOK_MS = 300; // how long the pointer rests before a film is asked for
  let looking = null; // {clipId, screen, timer}

  function make(scene, clip) {
    if (clip.preview) films.set(clip.clip_id, clip.preview);
    const card = el("label", "clip");
    card.dataset.clip = clip.clip_id;
    const radio = el("input", "", null, { type: "radio", name: `clip-of-${scene.scene_number}` });
    radio.value = clip.clip_id;
    radio.checked = clip.clip_id === scene.clip_id;
    radio.disabled = Boolean(clip.refused) && !radio.checked;
    radio.setAttribute("aria-label", [clip.title, lasts(clip), clip.licence].filter(Boolean).join(", "));
    const words = el("span", "words");
    words.append(el("span", "title", clip.title, { title: clip.title }));
    words.append(facts(clip), licence(clip));
    if (clip.used_in.length) words.append(el("small", "again", `Also in scene ${clip.used_in.join(", ")}`));
    if (clip.refused) words.append(el("small", "doubt", clip.refused));
    words.append(actions(scene, clip));
    card.append(radio, screenOf(clip), words);
    return card;
  }

  function lasts(clip) {
    return clip.duration ? clock(clip.duration) : clip.kind === "video" ? "" : clip.kind === "still" ? "picture" : "any length";
  }

  /* Where it is from, who made it, how long and how large it is. */
  function facts(clip) {
    const line = el("small");
    const told = [
      link(clip.source_title, clip.url),
      clip.author && link(clip.author, clip.author_url),
      lasts(clip),
      clip.size,
    ].filter(Boolean);
    line.append(...told.flatMap((fact, place) => (place ? [" · ", fact] : [fact])));
    return line;
  }

  function licence(clip) {
    if (clip.licence === "own") return el("small", "", "Your own");
    const line = el("small", clip.reusable ? "" : "doubt");
    const name = link(clip.licence || "Licence unknown", clip.licence_url);
    line.append(...(clip.reusable ? [name] : ["⚠ ", name, ": may not be published as it is"]));
    return line;
  }

  function screenOf(clip) {
    const screen = el("span", "screen");
    screen.append(picture(clip));
    if (clip.kind !== "still") {
      const play = el("button", "play", "▶", { type: "button", "aria-label": `Preview ${clip.title}`, "aria-pressed": "false" });
      screen.append(play);
    }
    if (clip.guess) screen.append(el("span", "guess", "A guess", { title: "Its words do not match the scene well" }));
    screen.append(el("span", "tick", "✓", { "aria-hidden": "true" }));
    return screen;
  }

  function picture(clip) {
    if (!clip.thumbnail) return el("span", "blank", clip.kind === "video" ? "video" : clip.kind);
    return el("img", "", null, { src: clip.thumbnail, alt: "", loading: "lazy", decoding: "async", width: "320", height: "180" });
  }

  function actions(scene, clip) {
    const row = el("span", "actions");
    if (clip.reasons.length) {
      const why = el("button", "why", "Why this?", { type: "button", "aria-expanded": "false", "aria-label": `Why ${clip.title} is offered` });
      const list = el("ul", "reasons");
      list.hidden = true;
      list.append(...clip.reasons.map((reason) => el("li", "", reason)));
      why.dataset.does = "why";
      row.append(why, list);
    }
    if (clip.kind !== "illustration") {
      const like = el("button", "like", "More like this", { type: "button", "aria-label": `More like ${clip.title}` });
      like.dataset.does = "like";
      row.insertBefore(like, row.querySelector(".reasons"));
    }
    return row;
  }

  /* A pointer that rests, a key or a tap: the film plays in place, and leaves again. */
  function look(screen, clipId) {
    if (looking?.screen === screen) return;
    leave();
    looking = { clipId, screen };
    screen.querySelector(".play")?.setAttribute("aria-pressed", "true");
    if (films.has(clipId)) return start();
    screen.classList.add("waiting");
    if (asked.has(clipId)) return;
    asked.add(clipId);
    trigger("preview", { clip_id: clipId });
  }

  function leave() {
    if (!looking) return;
    const { screen } = looking;
    screen.classList.remove("waiting");
    screen.querySelectorAll("video, .no-film").forEach((each) => each.remove());
    screen.querySelector(".play")?.setAttribute("aria-pressed", "false");
    looking = null;
  }

  function start() {
    const { clipId, screen } = looking;
    screen.classList.remove("waiting");
    const address = films.get(clipId);
    if (screen.querySelector("video, .no-film")) return;
    if (!address) {
      screen.append(el("span", "no-film", "No preview: it plays where its source's name leads", { role: "status" }));
      return;
    }
    const video = el("video", "film-of-clip", null, { src: address, autoplay: "", loop: "", playsinline: "", tabindex: "-1", "aria-hidden": "true" });
    video.muted = true;
    screen.insertBefore(video, screen.querySelector(".play"));
  }

  /* What the server says of films that were asked for: {clip id: address}. */
  function tell(told) {
    for (const [clipId, address] of Object.entries(told || {})) {
      films.set(clipId, address);
      asked.delete(clipId);
      if (looking?.clipId === clipId) start();
    }
  }

  function failed() {
    asked.clear();
    looking?.screen.classList.remove("waiting");
  }

  function listen(root) {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)");
    const screenAt = (event) => event.target.closest?.(".clip .screen");
    root.addEventListener("pointerover", (event) => {
      const screen = screenAt(event);
      if (event.pointerType !== "mouse" || still.matches || !screen?.querySelector(".play")) return;
      clearTimeout(listen.timer);
      listen.timer = setTimeout(() => look(screen, screen.closest(".clip").dataset.clip), LOOK_MS);
    });
    root.addEventListener("pointerout", (event) => {
      const screen = screenAt(event);
      if (event.pointerType !== "mouse" || !screen || screen.contains(event.relatedTarget)) return;
      clearTimeout(listen.timer);
      leave();
    });
    root.addEventListener("click", (event) => {
      const play = event.target.closest("button.play");
      if (!play) return;
      event.preventDefault();
      const screen = play.closest(".screen");
      if (play.getAttribute("aria-pressed") === "true" && looking?.screen === screen) leave();
      else look(screen, play.closest(".clip").dataset.clip);
    });
  }

  return { make, tell, failed, listen };
})();
