// Counts the seconds down and looks again when they are over; keeps a button from being pressed twice.
// Everything works without it: the page then looks again by itself, and a second press changes nothing.
"use strict";
(() => {
  const clock = document.querySelector("output[data-seconds]");
  if (clock) {
    const end = performance.now() + Number(clock.dataset.seconds) * 1000;
    let looked = false;
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      clock.textContent = String(left);
      if (left > 0) setTimeout(tick, 250);
      else if (!looked) {
        looked = true;
        setTimeout(() => location.reload(), 3000);
      }
    };
    tick();
  }
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("button");
    if (button) setTimeout(() => { button.disabled = true; }, 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("button[disabled]").forEach((b) => { b.disabled = false; });
  });
})();
