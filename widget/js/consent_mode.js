/*
 * Follows Google Consent Mode: what `gtag('consent', ...)` says on a page, or what the tag manager makes of it, is what the visitor has
 * agreed to. It stands before the loader on sites that want it so, and on no others.
 *
 * Until something is said, nothing is agreed to; a default that denies is not the visitor's word yet, so what is there stays. The tag
 * manager's own state is not documented, so it is read only where it is as we know it; it knows regions, which the commands on the page
 * only name: there a denial for any region counts.
 */
((name) => {
  const KINDS = { store: ['functionality_storage', 'analytics_storage'], profile: ['personalization_storage', 'analytics_storage'] };
  const ALL = ['functionality_storage', 'personalization_storage', 'analytics_storage'];
  const denied = {}; // by default, somewhere
  const said = {};
  const chosen = {}; // what was said after the defaults: that is the visitor
  let listens;
  let given = {};

  // 'granted', 'denied', or nothing.
  const state = (kind) => {
    const known = window.google_tag_data?.ics?.getConsentState?.(kind);
    return known === 1 ? 'granted' : known === 2 ? 'denied' : said[kind];
  };

  const look = () => {
    try {
      if (!listens && window.google_tag_data?.ics?.addListener) {
        listens = true;
        google_tag_data.ics.addListener(ALL, look);
      }
      // Of what a banner never speaks, the next kind decides. Null: nothing was said yet. What was agreed to before is taken back.
      const agrees = (part) => {
        const kind = KINDS[part].find(state);
        const isSaid = chosen[kind] || given[part] != null || window.google_tag_data?.ics?.entries?.[kind]?.update === false;
        return state(kind) === 'granted' || (isSaid ? false : null);
      };
      const now = { store: agrees('store'), profile: agrees('profile') };
      if (given.store === now.store && given.profile === now.profile) return;
      waymark('consent', given = now);
    } catch { /* the state is not what we know it as: what was said before stays */ }
  };

  const hear = (entry) => {
    const [what, how, kinds] = entry?.length > 2 ? entry : [];
    if (what !== 'consent' || !kinds) return;
    ALL.filter((kind) => kinds[kind]).forEach((kind) => {
      if (how === 'default') denied[kind] = denied[kind] || kinds[kind] === 'denied';
      else chosen[kind] = true;
      said[kind] = how === 'default' && denied[kind] ? 'denied' : kinds[kind];
    });
  };

  // The snippet twice: the first one follows.
  if (window.waymark?.live) return;
  window.waymark = window.waymark || function () {
    (waymark.q = waymark.q || []).push(arguments);
  };
  const layer = window[name] = window[name] || [];
  const push = layer.push;
  layer.push = function (...entries) {
    const result = push.apply(this, entries);
    try {
      entries.forEach(hear);
    } catch { /* it was not for us */ }
    look();
    return result;
  };
  [...layer].forEach(hear);
  look();
})(__LAYER__);
