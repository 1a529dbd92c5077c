/* How the video is to look. Given by Gradio: element, props, trigger, watch.
   value: {project_id, chosen: {aspect, quality, fps, short_clip, transition, transition_seconds,
           captions, caption_style, caption_font, caption_size, caption_colour,
           caption_position}, fonts: [names], styles: {preset: #rrggbb of the spoken word}} */
const root = element.querySelector(".options");
const { el } = window.aiv;
const fields = new Map(); // option -> {show(value)}
let fonts = "";

const STYLES = { clean: "Clean", karaoke: "Karaoke", pop: "Pop" };
const GROUPS = [
  {
    title: "Picture",
    build: () => [
      segments("aspect", "Shape", { "16:9": "16:9", "9:16": "9:16", "1:1": "1:1" }),
      select("quality", "Quality", {
        preview: "Preview: 480 lines, a file of its own",
        draft: "Draft: 720 lines, quick and small",
        standard: "Standard: 1080 lines",
        high: "High: 1080 lines, the best picture",
      }),
      select("fps", "Frames a second", { 24: "24", 25: "25", 30: "30", 60: "60" }, Number),
      select("short_clip", "A clip that is too short", {
        loop: "begins again",
        slow: "runs slower",
        hold: "stands still at its end",
      }),
    ],
  },
  {
    title: "Between scenes",
    build: () => [
      segments("transition", "Transition", { cut: "Cut", crossfade: "Crossfade", fade: "Through black" }),
      range("transition_seconds", "Lasts", { min: 0.1, max: 3, step: 0.1 }, (seconds) => `${seconds.toFixed(1)} s`),
    ],
  },
  {
    title: "Captions",
    build: () => [
      check("captions", "Burn the captions into the picture"),
      segments("caption_style", "Style", STYLES, sample),
      select("caption_font", "Font", { "": "As the style has it", ...Object.fromEntries(props.value.fonts.map((name) => [name, name])) }),
      range("caption_size", "Size", { min: 0.6, max: 1.8, step: 0.05 }, (times) => `${Math.round(100 * times)} %`),
      colour("caption_colour", "Spoken word"),
      segments("caption_position", "Place", { bottom: "Bottom", middle: "Middle", top: "Top" }),
    ],
  },
];

function send(name, value) {
  trigger("choose", { name, value });
}

function row(name, caption, ...controls) {
  const line = el("div", `row ${name}`);
  line.append(el("span", "name", caption, { id: `option-${name}` }), ...controls);
  return line;
}

function segments(name, caption, options, decorate = null) {
  const group = el("div", "segments", null, { role: "radiogroup", "aria-labelledby": `option-${name}` });
  for (const [value, text] of Object.entries(options)) {
    const label = el("label", "segment");
    const radio = el("input", "", null, { type: "radio", name: `option-${name}`, value });
    radio.onchange = () => send(name, value);
    label.append(radio, decorate ? decorate(value, text) : el("span", "", text));
    group.append(label);
  }
  fields.set(name, {
    show: (chosen) => {
      for (const radio of group.querySelectorAll("input")) radio.checked = radio.value === String(chosen);
    },
  });
  return row(name, caption, group);
}

/* A caption style shows itself: one word spoken, one to come. */
function sample(value, text) {
  const look = el("span", `sample ${value}`);
  look.append(el("i", "", text.slice(0, 3)), text.slice(3));
  return look;
}

function select(name, caption, options, read = String) {
  const box = el("select", "", null, { "aria-labelledby": `option-${name}` });
  for (const [value, text] of Object.entries(options)) {
    const option = el("option", "", text);
    option.value = value;
    box.append(option);
  }
  box.onchange = () => send(name, read(box.value));
  fields.set(name, { show: (chosen) => (box.value = String(chosen)) });
  return row(name, caption, box);
}

function range(name, caption, limits, tell) {
  const slider = el("input", "", null, { type: "range", "aria-labelledby": `option-${name}`, ...limits });
  const output = el("output", "", "");
  const say = () => {
    output.textContent = tell(Number(slider.value));
    slider.setAttribute("aria-valuetext", output.textContent);
  };
  let held = false; // while it is being moved, the server's older news waits
  slider.oninput = () => {
    held = true;
    say();
  };
  slider.onchange = () => {
    held = false;
    send(name, Number(slider.value));
  };
  fields.set(name, {
    show: (chosen) => {
      if (held) return;
      slider.value = chosen;
      say();
    },
  });
  return row(name, caption, slider, output);
}

function check(name, caption) {
  const label = el("label", `row switch ${name}`);
  const box = el("input", "", null, { type: "checkbox", role: "switch" });
  box.onchange = () => send(name, box.checked);
  label.append(box, el("span", "", caption));
  fields.set(name, { show: (chosen) => (box.checked = Boolean(chosen)) });
  return label;
}

function colour(name, caption) {
  const picker = el("input", "", null, { type: "color", "aria-labelledby": `option-${name}` });
  const own = el("button", "", "As the style has it", { type: "button" });
  picker.onchange = () => send(name, picker.value);
  own.onclick = () => send(name, "");
  fields.set(name, {
    show: (chosen) => {
      picker.value = chosen || props.value.styles[props.value.chosen.caption_style] || "#ffd73c";
      own.hidden = !chosen;
    },
  });
  return row(name, caption, picker, own);
}

function build() {
  fields.clear();
  root.replaceChildren(
    ...GROUPS.map(({ title, build }) => {
      const group = el("fieldset");
      group.append(el("legend", "", title), ...build());
      return group;
    }),
  );
}

function draw() {
  const value = props.value;
  root.hidden = !value;
  if (!value) return;
  if (fonts !== String(value.fonts)) {
    fonts = String(value.fonts);
    build();
  }
  for (const [name, field] of fields) field.show(value.chosen[name]);
  root.querySelector(".transition_seconds").hidden = value.chosen.transition === "cut";
  for (const line of root.querySelectorAll("[class*=' caption_']")) line.hidden = !value.chosen.captions;
}

/* After a refusal the panel shows what the database says, not what was clicked. */
document.addEventListener("aiv:options-failed", draw);
watch("value", draw);
draw();
