// Runs before Streamlit's own script, and changes two of its habits.
(() => {
  // It asks for its font of icons ahead of everything that a person reads; the browser brings it once an icon is drawn.
  const load = document.fonts.load.bind(document.fonts);
  document.fonts.load = (font, text) => (font.includes("Material Symbols") ? Promise.resolve([]) : load(font, text));

  // It makes a step of history of every setting that the address holds: "Back" would leave the page after many presses.
  const push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    const same = new URL(address ?? location.href, location.href).pathname === location.pathname;
    return same ? history.replaceState(state, title, address) : push(state, title, address);
  };
})();
