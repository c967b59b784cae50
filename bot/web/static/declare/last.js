// What this phone said last time, filled in again: as much as does not change from day to day.
(function () {
  "use strict";
  var geying = window.geying;
  var byId = geying.byId;
  var all = geying.all;
  var drawer = geying.drawer;

  geying.mine = function (token) {
    var me = drawer.get("me:" + token);
    if (!me || !byId("mine")) return;
    byId("mine").hidden = false;
    byId("mine").querySelector("a").href = "/me/" + encodeURIComponent(me);
  };
  // *one*: {token, home, words, drafted, begun, chosen}. What was typed already is not written over.
  geying.remember = function (one) {
    var token = one.token;
    var handed = /^#m=([0-9A-Za-z_-]{16,64})$/.exec(location.hash); // a link of ours hands the token on where no log sees it
    if (handed) { drawer.put("me:" + token, handed[1]); history.replaceState(null, "", location.pathname + location.search); }
    var me = drawer.get("me:" + token);
    geying.mine(token);
    if (!me) return;
    geying.post("/d/" + token + "/known", new URLSearchParams({ me: me }).toString()).then(function (answer) { return answer.ok ? answer.json() : { rows: [] }; }).then(function (said) {
      if (said.open === false) { drawer.drop("me:" + token); byId("mine").hidden = true; return; } // erased, or run out
      if (!one.home || !said.rows.length) return;
      byId("notice").open = false;
      said.rows.forEach(function (known) { prefill(known, one); });
      byId("all-well").hidden = one.chosen().length < 2;
    }).catch(function () { /* then it is asked anew */ });
  };
  function prefill(known, one) {
    var box = byId(known.row + "-on");
    if (!box) return;
    if (!one.drafted) box.checked = true;
    one.begun();
    document.body.classList.add("d-known");
    var section = box.closest("section");
    Object.keys(known.fields).forEach(function (field) {
      var value = known.fields[field];
      if (!value || one.drafted) return;
      all('[name="' + known.row + "." + field + '"]', section).forEach(function (node) {
        if (node.type === "radio") node.checked = node.value === value;
        else node.value = value;
      });
    });
    if (section.querySelector(".d-alike")) section.querySelector(".d-alike").hidden = true; // this phone knows whom it means
    if (!one.drafted) fold(section.querySelector(".d-card"), known, one.words);
    known.granted.forEach(function (purpose) {
      var tick = byId(known.row + "-c-" + purpose);
      if (!tick) return;
      var line = document.createElement("p");
      line.className = "d-granted";
      line.textContent = "✓ " + tick.closest("label").querySelector("b").textContent + " — " + one.words.agreed;
      tick.closest("label").replaceWith(line);
    });
    var tip = section.querySelector(".d-consents .d-tip");
    if (tip && !section.querySelector(".d-consent")) tip.remove(); // nothing is left to be asked
  }
  // What does not change from day to day is said in one line, and opened with one tap.
  function fold(card, known, words) {
    var told = [];
    var chosenIn = function (field) {
      var node = card.querySelector('[name="' + known.row + "." + field + '"]:checked');
      return node ? card.querySelector('label[for="' + node.id + '"]').textContent.trim() : "";
    };
    [chosenIn("by"), chosenIn("away"), known.fields.origin, known.fields.arrived].forEach(function (one) { if (one) told.push(one); });
    if (!known.fields.away && !known.fields.origin) return;
    var note = document.createElement("p");
    note.className = "d-last";
    var when = document.createElement("small");
    when.textContent = words.last.replace("{day}", known.day);
    var change = document.createElement("button");
    change.type = "button";
    change.className = "d-change";
    change.textContent = words.change;
    change.addEventListener("click", function () { card.classList.remove("d-same"); change.remove(); });
    note.append(when, told.join(" · "), " ", change);
    card.prepend(note);
    card.classList.add("d-same");
  }
})();
