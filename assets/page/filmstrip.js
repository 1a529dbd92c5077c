/* What is decided about the chosen clip: where it starts, seen on a strip of its pictures, how it
   fills the frame, how loud it is. After it: board.js. Given by Gradio: trigger. */
const chosenClip = (() => {
  const { el, clock } = window.aiv;
  const strips = new Map(); // clip id -> {address, seconds, begin, frames, width, height}
  const asked = new Set();
  const LEVELS = { "": "Off", "-24": "Faint, −24 dB", "-18": "Low, −18 dB", "-12": "Half, −12 dB", "-6": "Loud, −6 dB", "0": "As recorded" };
  const FITS = { crop: "Crop to fill", blur: "Whole clip, blurred edges", contain: "Whole clip, bars" };

  function make(scene, clip) {
    const box = el("div", "chosen-clip");
    const row = el("div", "chosen");
    const film = clip.kind === "video" && clip.duration;
    if (film) {
      box.append(stripOf(scene, clip));
      row.append(startField(scene, clip));
    }
    const label = el("label", "field", "Frame");
    label.append(chooser("fit", "How the clip fills the frame", FITS, scene.fit));
    row.append(label);
    if (clip.kind === "video") row.append(sound(scene));
    if (film) row.append(action("part", "Use a different part", `Use a different part of the clip of scene ${scene.scene_number}`));
    if (clip.online && !scene.here && clip.kind !== "illustration") row.append(action("fetch", "Fetch it now", `Fetch the clip of scene ${scene.scene_number}`));
    if (scene.error && clip.online) row.append(action("next", "Take the next one", `Take the next clip for scene ${scene.scene_number}`));
    if (film && scene.seconds && clip.duration - scene.start_seconds < scene.seconds) {
      row.append(el("small", "", `The scene lasts ${clock(scene.seconds)}: the clip will be looped or slowed`));
    }
    const origin = window.aiv.link("Where it comes from", clip.url);
    if (origin.href) row.append(origin);
    box.append(row);
    return box;
  }

  function action(does, text, label) {
    const button = el("button", does, text, { type: "button", "aria-label": label });
    button.dataset.does = does;
    return button;
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

  function startField(scene, clip) {
    const label = el("label", "field", "Starts at, s");
    const start = el("input", "start", null, { type: "number", min: "0", step: "0.1", max: last(clip) });
    start.value = scene.start_seconds;
    label.append(start);
    return label;
  }

  const last = (clip) => Math.max(0, clip.duration - 0.1).toFixed(1);

  /* The pictures, over them the stretch that the scene takes, over that an unseen slider. */
  function stripOf(scene, clip) {
    const strip = el("div", "strip");
    strip.dataset.clip = clip.clip_id;
    strip.dataset.takes = scene.seconds || 6;
    strip.append(el("i", "stretch"));
    const slider = el("input", "place", null, {
      type: "range", min: "0", max: last(clip), step: "0.1",
      "aria-label": `Where scene ${scene.scene_number} begins in ${clip.title}`,
    });
    slider.value = scene.start_seconds;
    strip.append(slider);
    if (strips.has(clip.clip_id)) dress(strip);
    else if (!scene.strip) strip.classList.add("bare");
    else if (!asked.has(clip.clip_id)) {
      asked.add(clip.clip_id);
      trigger("strip", { scene_number: scene.scene_number });
    }
    place(strip);
    return strip;
  }

  function dress(strip) {
    const told = strips.get(strip.dataset.clip);
    strip.style.backgroundImage = `url("${told.address}")`;
    strip.style.setProperty("--ratio", (told.frames * told.width) / told.height);
    const slider = strip.querySelector(".place");
    slider.min = told.begin.toFixed(1);
    slider.max = Math.max(told.begin, told.begin + told.seconds - 0.1).toFixed(1);
    strip.classList.remove("bare");
    strip.classList.add("seen");
    place(strip);
  }

  /* The window over the strip follows the slider. */
  function place(strip) {
    const slider = strip.querySelector(".place");
    const length = Number(slider.max) - Number(slider.min) + 0.1;
    const from = (Number(slider.value) - Number(slider.min)) / length;
    const stretch = strip.querySelector(".stretch");
    stretch.style.left = `${100 * from}%`;
    stretch.style.width = `${100 * Math.min(1 - from, Number(strip.dataset.takes) / length)}%`;
    slider.setAttribute("aria-valuetext", `${Number(slider.value).toFixed(1)} seconds`);
  }

  /* How loud the clip's own sound is; a program may have set a level that is not among ours. */
  function sound({ scene_number, sound_level_db }) {
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

  /* Slider and number say the same, while one of them is moved. */
  function listen(root) {
    root.addEventListener("input", (event) => {
      const section = event.target.closest("section");
      if (event.target.matches(".place")) {
        const start = section.querySelector(".start");
        if (start) start.value = event.target.value;
        place(event.target.closest(".strip"));
      } else if (event.target.matches(".start")) {
        const slider = section.querySelector(".place");
        if (!slider) return;
        slider.value = event.target.value;
        place(slider.closest(".strip"));
      }
    });
  }

  /* What the server says of strips that were asked for: {clip id: strip}. */
  function tell(root, told) {
    for (const [clipId, strip] of Object.entries(told || {})) {
      strips.set(clipId, strip);
      asked.delete(clipId);
      for (const one of root.querySelectorAll(".strip")) if (one.dataset.clip === clipId) dress(one);
    }
  }

  return { make, listen, tell, failed: () => asked.clear() };
})();
