/* Two people at one script. base is what both saw, mine and theirs what each made of it: lists
   of drafts whose scene_id names a scene that the server knows. */
const merging = (() => {
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const byId = (drafts) => new Map(drafts.filter((each) => each.scene_id).map((each) => [each.scene_id, each]));

  /* The scenes that both changed, each in another way; removing one is a change. */
  function disputed(base, mine, theirs) {
    const [was, here, there] = [base, mine, theirs].map(byId);
    return [...was.keys()].filter(
      (id) =>
        !same(was.get(id), here.get(id)) && !same(was.get(id), there.get(id)) && !same(here.get(id), there.get(id)),
    );
  }

  /* Both scripts as one; choice says what becomes of a disputed scene: mine, theirs or both. */
  function merge(base, mine, theirs, choice) {
    const [was, here, there] = [base, mine, theirs].map(byId);
    const taken = (id) => {
      const [old, own, other] = [was.get(id), here.get(id), there.get(id)];
      if (same(old, own)) return [other];
      if (same(old, other) || same(own, other)) return [own];
      if (choice === "theirs") return [other];
      if (choice === "mine") return [own];
      return own && other ? [other, { ...own, scene_id: null }] : [own || other];
    };
    const emitted = (draft) => (was.has(draft.scene_id) ? taken(draft.scene_id) : [draft]).filter(Boolean);
    const key = (draft) => draft.scene_id || draft;
    const order = (drafts, kept) => drafts.map((each) => each.scene_id).filter((id) => was.has(id) && kept.has(id));
    const moved = !same(order(mine, was), order(base, here));
    const [first, second] = moved ? [mine, theirs] : [theirs, mine];
    const places = first.map((draft) => ({ key: key(draft), drafts: emitted(draft) }));
    let before = null;
    for (const draft of second) {
      const at = (wanted) => places.findIndex((place) => place.key === wanted);
      if (at(key(draft)) < 0) places.splice(at(before) + 1, 0, { key: key(draft), drafts: emitted(draft) });
      before = key(draft);
    }
    return places
      .flatMap((place) => place.drafts)
      .map((draft) => (draft.scene_id && !there.has(draft.scene_id) ? { ...draft, scene_id: null } : draft));
  }

  return { disputed, merge };
})();
window.aiv.merging = merging;
