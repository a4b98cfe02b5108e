// Lets the whole page follow the language that its words are in, and tells screen readers what has changed.
(() => {
  if (window.reachPage) return;
  window.reachPage = true;
  const news = document.createElement("div");
  news.setAttribute("role", "status");
  news.setAttribute("aria-live", "polite");
  news.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
  news.dataset.reach = "news";
  document.body.append(news);
  let waiting;
  const look = () => {
    const spoken = document.querySelector(".rr[lang]");
    if (spoken && document.documentElement.lang !== spoken.lang) document.documentElement.lang = spoken.lang;
    if (spoken && document.documentElement.dir !== spoken.dir) document.documentElement.dir = spoken.dir;
    const text = [...document.querySelectorAll("[data-news]")].map((one) => one.innerText.trim()).join(" ");
    if (news.textContent !== text) news.textContent = text;
  };
  // Streamlit draws an answer in many small steps: only what stays is worth saying.
  new MutationObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 400);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
})();
