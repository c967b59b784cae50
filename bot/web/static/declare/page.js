// Larger text and reading out, on every page of the residents. Without script the text size works by its link.
(function () {
  "use strict";
  var byId = function (id) { return document.getElementById(id); };
  var big = byId("big");
  if (big) big.addEventListener("click", function (event) {
    event.preventDefault();
    var on = document.documentElement.classList.toggle("big");
    big.setAttribute("aria-pressed", String(on));
    document.cookie = "geying-big=" + (on ? 1 : 0) + ";path=/;max-age=31536000;samesite=strict" + (location.protocol === "https:" ? ";secure" : "");
  });
  var listen = byId("listen");
  if (listen && window.speechSynthesis && window.SpeechSynthesisUtterance) {
    listen.hidden = false;
    var name = listen.textContent;
    var quiet = function () { listen.setAttribute("aria-pressed", "false"); listen.textContent = name; };
    listen.addEventListener("click", function () {
      if (speechSynthesis.speaking) { speechSynthesis.cancel(); quiet(); return; }
      said().forEach(function (line, at, lines) {
        var one = new SpeechSynthesisUtterance(line);
        one.lang = document.documentElement.lang;
        one.rate = 0.9;
        if (at === lines.length - 1) one.onend = quiet;
        speechSynthesis.speak(one);
      });
      listen.setAttribute("aria-pressed", "true");
      listen.textContent = listen.dataset.stop;
    });
    window.addEventListener("pagehide", function () { speechSynthesis.cancel(); });
  }
  function said() {
    var lines = [];
    Array.prototype.slice.call(document.querySelectorAll(".d-place, main h1, main h2, main p, main legend, main label, main summary, main dt, main dd, main button")).forEach(function (node) {
      var text = node.innerText ? node.innerText.trim() : "";
      if (text && node.offsetParent && lines.indexOf(text) < 0) lines.push(text);
    });
    return lines.slice(0, 80);
  }
})();
