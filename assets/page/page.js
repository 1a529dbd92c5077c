/* Runs in the head, before anything is drawn: the look, the tab in the address, the keyboard,
   and a few helpers (window.aiv) that the page's own components share. */
(() => {
  const LOOK = "aivideo.look";
  const PROJECT = "aivideo.project";
  const TABS = ["idea", "voice", "script", "clips", "video"];
  const root = document.documentElement;

  /* Storage can be forbidden (private windows, embedded pages); the page works without it. */
  const remember = (store, name, value) => {
    try {
      if (value === null) store.removeItem(name);
      else store.setItem(name, value);
    } catch {
      /* nothing to do: it is a convenience */
    }
  };
  const recall = (store, name) => {
    try {
      return store.getItem(name);
    } catch {
      return null;
    }
  };

  const setLook = (look) => {
    root.dataset.look = look;
    remember(localStorage, LOOK, look);
  };
  setLook(recall(localStorage, LOOK) === "light" ? "light" : "dark");

  const address = new URL(location);
  const wanted = address.searchParams.get("tab");
  const tabButton = (name) => document.querySelector(`[role=tab][data-tab-id=${name}]`);

  const setInAddress = (name, value) => {
    const url = new URL(location);
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
    history.replaceState(history.state, "", url);
  };

  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.("[role=tab][data-tab-id]");
    if (tab) setInAddress("tab", tab.dataset.tabId);
  });

  /* Gradio's tabs answer to Tab and Enter only; people expect the arrow keys. */
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[role=tab]");
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: "first", End: "last" }[event.key];
    if (!tab || step === undefined) return;
    const all = [...tab.parentElement.querySelectorAll("[role=tab]:not([disabled])")];
    const at = all.indexOf(tab);
    const next =
      step === "first" ? 0 : step === "last" ? all.length - 1 : (at + step + all.length) % all.length;
    event.preventDefault();
    all[next].focus();
    all[next].click();
  });

  window.aiv = {
    remember,
    recall,

    /* The open project: in the address for a reload, remembered for a bare visit. */
    keepProject(id) {
      setInAddress("project", id);
      remember(localStorage, PROJECT, id || null);
    },
    wantedProject() {
      return new URL(location).searchParams.get("project") || recall(localStorage, PROJECT) || "";
    },

    /* A node with text; never HTML, since titles and scripts are other people's words. */
    el(tag, classes = "", text = null, attributes = {}) {
      const node = document.createElement(tag);
      if (classes) node.className = classes;
      if (text !== null) node.textContent = text;
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      return node;
    },

    /* A link out of the page where the address is an encrypted one, else the words alone. */
    link(text, address) {
      if (!/^https:\/\//i.test(address || "")) return window.aiv.el("span", "", text);
      return window.aiv.el("a", "", text, {
        href: address,
        target: "_blank",
        rel: "noopener noreferrer",
        title: `${text} (opens in a new tab)`,
      });
    },

    clock(seconds) {
      const whole = Math.max(0, Math.round(seconds));
      return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    },

    openTab(name) {
      tabButton(name)?.click();
    },

    restoreTab() {
      if (TABS.includes(wanted)) tabButton(wanted)?.click();
    },

    flipLook() {
      setLook(root.dataset.look === "light" ? "dark" : "light");
    },

    /* One panel under the header at a time: "manage", "health" or none. */
    togglePanel(name) {
      const open = document.body.dataset.panel === name ? "" : name;
      document.body.dataset.panel = open;
    },

    /* A counter beside a text box: it says the limit, the text is never cut. */
    count(boxId, counterId, limit) {
      const box = document.querySelector(`#${boxId} textarea`);
      const counter = document.getElementById(counterId);
      if (!box || !counter) return;
      const length = [...box.value].length;
      counter.textContent = `${length} / ${limit} characters`;
      counter.classList.toggle("over", length > limit);
    },

    nextWithoutClip() {
      const open = [...document.querySelectorAll(".board section")].find(
        (section) => !section.querySelector("input[type=radio]:checked"),
      );
      if (!open) return;
      open.scrollIntoView({ block: "start" });
      open.querySelector("input, button")?.focus({ preventScroll: true });
    },
  };
})();
