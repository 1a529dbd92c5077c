/* The voice picker. Given by Gradio: element, props, trigger, watch.
   value: {voices: [{id, name, gender, language, grade, missing}], selected} */
const root = element.querySelector(".voices");
const { el } = window.aiv;
const filters = { gender: "", language: "" };

function draw() {
  const value = props.value || { voices: [], selected: null };
  root.replaceChildren(drawFilters(value.voices), drawVoices(value));
}

function drawFilters(voices) {
  const bar = el("div", "filters");
  for (const [gender, label] of [["", "All"], ["female", "Female"], ["male", "Male"]]) {
    const chip = el("button", "chip", label, {
      type: "button",
      "aria-pressed": String(filters.gender === gender),
    });
    chip.onclick = () => refilter({ gender });
    bar.append(chip);
  }
  const choice = el("select", "", null, { "aria-label": "Language" });
  const languages = [...new Set(voices.map((voice) => voice.language))];
  for (const language of ["", ...languages]) {
    const option = el("option", "", language ? languageName(language) : "Every language");
    option.value = language;
    choice.append(option);
  }
  choice.value = filters.language;
  choice.onchange = () => refilter({ language: choice.value });
  bar.append(choice);
  return bar;
}

function refilter(change) {
  Object.assign(filters, change);
  draw();
  const again = "gender" in change ? ".chip[aria-pressed=true]" : "select";
  root.querySelector(again)?.focus();
}

function languageName(code) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) || code;
  } catch {
    return code;
  }
}

function drawVoices({ voices, selected }) {
  const shown = voices.filter(
    (voice) =>
      (!filters.gender || voice.gender === filters.gender) &&
      (!filters.language || voice.language === filters.language),
  );
  if (!shown.length) return el("p", "empty", "No voice fits these filters.");
  const group = el("div", "", null, { role: "radiogroup", "aria-label": "Voice" });
  const cards = (voices) => {
    const grid = el("div", "grid");
    grid.append(...voices.map((voice) => drawVoice(voice, voice.id === selected)));
    return grid;
  };
  const able = shown.filter((voice) => !voice.missing);
  if (able.length) group.append(cards(able));
  const missing = shown.filter((voice) => voice.missing);
  if (missing.length) {
    const more = el("details", "more");
    more.open = !able.length;
    more.append(el("summary", "", `${missing.length} more that cannot speak here`));
    for (const reason of new Set(missing.map((voice) => voice.missing))) {
      const alike = missing.filter((voice) => voice.missing === reason);
      more.append(el("p", "reason", reason), cards(alike));
    }
    group.append(more);
  }
  return group;
}

function drawVoice(voice, chosen) {
  const card = el("label", voice.missing ? "voice missing" : "voice");
  const radio = el("input", "", null, { type: "radio", name: "voice" });
  radio.value = voice.id;
  radio.checked = chosen;
  radio.disabled = Boolean(voice.missing);
  const words = el("span", "words");
  words.append(
    el("b", "", voice.name),
    el("small", "", `${languageName(voice.language)}, ${voice.gender}`),
  );
  card.append(radio, words);
  if (voice.grade) card.append(el("span", "grade", voice.grade, { title: "Publisher's grade" }));
  const play = el("button", "play", "▶", {
    type: "button",
    "aria-label": `Hear ${voice.name}`,
  });
  play.dataset.voice = voice.id;
  card.append(play);
  return card;
}

root.addEventListener("change", (event) => {
  if (event.target.name !== "voice") return;
  props.value.selected = event.target.value;
  trigger("pick", { voice: event.target.value });
});

root.addEventListener("click", (event) => {
  const play = event.target.closest("button.play");
  if (!play) return;
  event.preventDefault();
  trigger("hear", { voice: play.dataset.voice });
});

watch("value", draw);
draw();
