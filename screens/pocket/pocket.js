// Optional: the page does everything without it. Location is asked for only where a person taps for it.
"use strict";
const form = document.getElementById("ask"), locate = document.getElementById("locate");
if (form && locate && navigator.geolocation) {
  const told = document.getElementById("located");
  locate.hidden = false;
  locate.addEventListener("click", () => {
    told.hidden = false;
    told.textContent = locate.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      (found) => {
        form.elements.at.value = `${found.coords.latitude.toFixed(5)},${found.coords.longitude.toFixed(5)};`;
        form.elements.from.value = "";
        form.submit();
      },
      () => { told.textContent = locate.dataset.none; },
      { timeout: 15000, maximumAge: 60000 },
    );
  });
}
for (const button of document.querySelectorAll(".print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
