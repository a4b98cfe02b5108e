// Lets the whole page follow the language that its words are in, tells screen readers what has changed, moves to an answer,
// asks before what was typed is left, closes the menu of a phone, keeps the key of a draft in this tab, and prints where a
// button says so.
(() => {
  if (window.reachPage) return;
  window.reachPage = true;
  const news = document.createElement("div");
  news.setAttribute("role", "status");
  news.setAttribute("aria-live", "polite");
  news.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
  news.dataset.reach = "news";
  document.body.append(news);

  const follow = () => {
    const spoken = document.querySelector(".rr[lang]");
    if (spoken && document.documentElement.lang !== spoken.lang) document.documentElement.lang = spoken.lang;
    if (spoken && document.documentElement.dir !== spoken.dir) document.documentElement.dir = spoken.dir;
    const text = [...document.querySelectorAll("[data-news]")].map((one) => one.innerText.trim()).join(" ");
    if (news.textContent !== text) news.textContent = text;
  };

  // An answer moves into sight when it is asked for, here or on a page that brings its reader here, not when one comes
  // back to a page that has it. What is still being drawn above it may push it away again: until a while after the last
  // of it, it is brought back. Who scrolls away from it, by hand or with a screen reader's or magnifier's commands (which
  // send no key), is left in peace: then the page is scrolled further down than it was left (a page that becomes too
  // short scrolls up by itself), or the answer lies in it where it lay.
  const HELD_MS = 10000;
  let seen = { page: null, answer: null };
  let heldUntil = 0;
  let held = null;  // how far the page was scrolled when the answer was last brought into sight, and where that lay in it
  let brought = null;  // the last answer that was moved to
  let usedPage = null;  // the page that the reader last did something on; one that was only come back to asks nothing
  for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    const note = (event) => {
      if (event.isTrusted) [heldUntil, usedPage] = [0, location.pathname];  // not the key that this page hands over
    };
    addEventListener(moved, note, { capture: true, passive: true });
  }
  const pageOf = (place) => place.closest('[data-testid="stMain"]') ?? document.scrollingElement;
  const inSight = (place) => {
    const top = place.getBoundingClientRect().top;
    return top > -2 && top <= window.innerHeight / 2;  // a page scrolls by fractions of a pixel
  };
  const holdAnswer = () => {
    const place = document.querySelector("[data-answer]");
    if (!place || Date.now() > heldUntil) return;
    const page = pageOf(place);
    const lies = () => place.getBoundingClientRect().top + page.scrollTop;
    if (!inSight(place)) {
      if (held && (page.scrollTop > held.scrolled + 2 || (held.inSight && Math.abs(lies() - held.lay) < 2))) {
        heldUntil = 0;
        return;
      }
      place.scrollIntoView({ block: "start", behavior: "instant" });  // a smooth one ends where something is drawn anew
    }
    // The page may still be too short to bring it up.
    held = { scrolled: page.scrollTop, lay: lies(), inSight: inSight(place) };
  };
  const moveToNewAnswer = () => {
    const place = document.querySelector("[data-answer]");
    const isSamePage = location.pathname === seen.page;
    const answer = place?.dataset.answer ?? (isSamePage ? seen.answer : null);  // it may be gone while it is drawn anew
    if (answer === seen.answer && isSamePage) return;
    seen = { page: location.pathname, answer };
    const isAskedFor = usedPage === location.pathname || (place?.dataset.brought !== undefined && brought !== answer);
    if (isAskedFor && place) brought = answer;
    heldUntil = place && isAskedFor ? Date.now() + HELD_MS : 0;
    held = null;
    if (!heldUntil) return;
    pageOf(place).style.overflowAnchor = "none";  // or the page would scroll down by itself
    setTimeout(keepHolding, 500);
    holdAnswer();
  };
  const keepHolding = () => {
    holdAnswer();
    if (Date.now() < heldUntil) setTimeout(keepHolding, 500);
    else for (const page of document.querySelectorAll('[style*="overflow-anchor"]')) page.style.overflowAnchor = "";
  };
  addEventListener("scroll", holdAnswer, { capture: true, passive: true });

  // The key of a draft is this tab's alone, and is gone when it closes. A field that nobody sees hands it to the server.
  const handOverKey = () => {
    const field = document.querySelector(".st-key-draft_key input");
    if (!field || field.value) return;
    let key = sessionStorage.getItem("reach-draft");
    if (!key) {
      key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      sessionStorage.setItem("reach-draft", key);
    }
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, key);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 13, bubbles: true }));
  };

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-unsaved]")) event.preventDefault();
  });

  addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  });

  // On a phone the menu covers half of the page that it led to.
  const closeMenu = (event) => {
    if (event.target.closest?.(".st-key-doors_pages a")) document.querySelector(".rr-menu[open]")?.removeAttribute("open");
  };
  addEventListener("click", closeMenu, { capture: true });  // before the page that is left takes its link away

  // Streamlit draws an answer in many small steps: only what stays is worth saying. The answer itself is moved to at
  // once, so that nobody who has scrolled on meanwhile is taken back.
  let waiting;
  new MutationObserver(() => {
    if (Date.now() < heldUntil) heldUntil = Date.now() + HELD_MS;
    moveToNewAnswer();
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      follow();
      holdAnswer();
      handOverKey();
    }, 400);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  follow();
})();
